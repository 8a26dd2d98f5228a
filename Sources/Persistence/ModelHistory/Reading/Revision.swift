import Storage

/// Finds the commit that a text means.
///
/// | text | means |
/// |---|---|
/// | `HEAD`, or nothing | the version in use |
/// | a branch, a tag, `branch/NAME`, `tag/NAME` | what it points at; a branch goes before a tag |
/// | 4 to 64 digits of hexadecimal | the commit whose id begins so |
/// | `vN` | version N, along first parents from HEAD |
/// | `…~N`, `…^`, `…^N` | N generations back along first parents, the first parent, the Nth parent |
/// | `…@{N}` | where the reference was N moves ago |
struct Revision {
    private static let leastDigits = 4
    /// Commits with the same first digits that are told apart.
    private static let mostCandidates = 32
    private static let mostSteps = 64
    private static let mostMoves = 10_000

    let reader: ModelReader
    let model: ModelName

    /// - Throws: `noRevision`, `ambiguous`, `noModel`, `damaged`.
    func commit(_ text: String) throws(HistoryError) -> ObjectID {
        guard text.utf8.count <= 4 * ModelLimits.nameBytes else { throw .noRevision(text) }
        let end = text.firstIndex { "~^@".contains($0) } ?? text.endIndex
        var rest = text[end...]
        let name = String(text[..<end])
        var found: ObjectID
        if let moves = Self.number(&rest, after: "@{", until: "}") {
            found = try moved(name, moves, text)
        } else {
            found = try named(name, text)
        }
        var steps = 0
        while !rest.isEmpty {
            steps += 1
            guard steps <= Self.mostSteps else { throw .noRevision(text) }
            if let count = Self.number(&rest, after: "~", orElse: 1) {
                for _ in 0..<min(count, Ancestry.mostCommits) { found = try parent(of: found, 1, text) }
            } else if let index = Self.number(&rest, after: "^", orElse: 1) {
                if index > 0 { found = try parent(of: found, index, text) }
            } else {
                throw .noRevision(text)
            }
        }
        return found
    }

    private func parent(of id: ObjectID, _ index: Int, _ text: String) throws(HistoryError) -> ObjectID {
        let parents = try reader.parents(of: id, try reader.commit(id))
        guard index <= parents.count else { throw .noRevision(text) }
        return parents[index - 1]
    }

    private func named(_ name: String, _ text: String) throws(HistoryError) -> ObjectID {
        if name.isEmpty || name == "HEAD" {
            guard let head = try reader.head(model) else { throw .noModel(model.text) }
            guard let id = head.commit else { throw .noRevision(text) }
            return id
        }
        if let reference = Reference(name), reference != .head,
            let id = try reader.references.target(model, reference)
        {
            return id
        }
        if let reference = ModelName(name) {
            if let id = try reader.references.target(model, .branch(reference)) { return id }
            if let id = try reader.references.target(model, .tag(reference)) { return id }
        }
        if let id = try numbered(name) { return id }
        if let id = try abbreviated(name) { return id }
        throw .noRevision(text)
    }

    /// `vN`.
    private func numbered(_ name: String) throws(HistoryError) -> ObjectID? {
        guard name.hasPrefix("v"), let version = UInt64(name.dropFirst()),
            var id = try reader.head(model)?.commit
        else { return nil }
        for _ in 0..<Ancestry.mostCommits {
            let commit = try reader.commit(id)
            if commit.version == version { return id }
            guard commit.version > version, let parent = try reader.parents(of: id, commit).first else {
                return nil
            }
            id = parent
        }
        return nil
    }

    private func abbreviated(_ name: String) throws(HistoryError) -> ObjectID? {
        let digits = Array(name.utf8)
        guard (Self.leastDigits...2 * ObjectID.byteCount).contains(digits.count),
            digits.allSatisfy(Hexadecimal.isDigit),
            let lower = ObjectID(hex: name + String(repeating: "0", count: 64 - digits.count)),
            let upper = ObjectID(hex: name + String(repeating: "f", count: 64 - digits.count))
        else { return nil }
        let entries = try HistoryError.storing { () throws(StorageError) in
            try reader.shelf.reader.entries(
                in: KeyRange(from: lower.bytes, upTo: upper.bytes + [0]), of: ObjectShelf.family,
                limit: Self.mostCandidates)
        }
        var found: [ObjectID] = []
        for entry in entries where ObjectRecord(entry.value)?.kind == .commit {
            if let id = ObjectID(entry.key), try reader.commit(id).model == model { found.append(id) }
        }
        guard found.count <= 1 else { throw .ambiguous(name, commits: found.count) }
        return found.first
    }

    /// Where a reference was before it moved so often.
    private func moved(_ name: String, _ moves: Int, _ text: String) throws(HistoryError) -> ObjectID {
        guard moves > 0 else { return try named(name, text) }
        let state = try reader.head(model)
        let references: [Reference]
        if name.isEmpty || name == "HEAD" {
            // HEAD moves with the branch that it is on.
            if case .branch(let branch) = state?.head {
                references = [.head, .branch(branch)]
            } else {
                references = [.head]
            }
        } else {
            references = [Reference(name) ?? ModelName(name).map { .branch($0) } ?? .head]
        }
        var left = moves
        for entry in try reader.reflog(model, limit: Self.mostMoves)
        where references.contains(entry.reference) {
            left -= 1
            if left == 0, let old = entry.old { return old }
        }
        throw .noRevision(text)
    }

    /// Takes a sign and the number behind it off the front; nil if the sign is not there.
    private static func number(
        _ rest: inout Substring, after sign: String, until end: String = "", orElse absent: Int? = nil
    ) -> Int? {
        guard rest.hasPrefix(sign) else { return nil }
        let digits = rest.dropFirst(sign.count).prefix { $0.isASCII && $0.isNumber }
        let after = rest[digits.endIndex...]
        guard let number = digits.isEmpty ? absent : Int(digits), number >= 0, after.hasPrefix(end) else {
            return nil
        }
        rest = after.dropFirst(end.count)
        return number
    }
}

extension ModelReader {
    /// The commit that a text means, such as `HEAD~2`, a branch, a tag or the first digits of an id.
    ///
    /// - Throws: `noRevision`, `ambiguous`, `noModel`, `damaged`.
    public func resolve(_ text: String, of model: ModelName) throws(HistoryError) -> ObjectID {
        try Revision(reader: self, model: model).commit(text)
    }

    /// Commits from some on back.
    public func log(from starts: [ObjectID]) throws(HistoryError) -> CommitLog {
        try CommitLog(self, from: starts)
    }

    public var ancestry: Ancestry { Ancestry(self) }
}
