import Storage

/// A move of a reference: what it pointed at before and after.
public struct ReflogEntry: Equatable, Sendable {
    /// What moved it.
    public enum Action: UInt8, Sendable, CaseIterable {
        case commit = 1
        case checkout, branch, tag, merge, revert, rollback, bundle, delete

        public var name: String {
            switch self {
            case .commit: "commit"
            case .checkout: "checkout"
            case .branch: "branch"
            case .tag: "tag"
            case .merge: "merge"
            case .revert: "revert"
            case .rollback: "rollback"
            case .bundle: "import"
            case .delete: "delete"
            }
        }
    }

    /// The first of a model has 1.
    public var sequence: UInt64
    public var reference: Reference
    public var old: ObjectID?
    public var new: ObjectID?
    public var action: Action
    /// In microseconds since 1970.
    public var microseconds: UInt64
    public var author: String
    /// The title of the commit, or the name of a branch.
    public var note: String
}

extension ReflogEntry {
    static let family = Family("model-log")
    private static let noteBytes = 512

    static func range(_ model: ModelName, from first: UInt64 = 0) -> KeyRange {
        KeyRange(from: key(model, first), upTo: KeyRange(prefix: Array(model.text.utf8) + [0]).upper)
    }

    static func key(_ model: ModelName, _ sequence: UInt64) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.raw(Array(model.text.utf8) + [0])
        writer.integer(sequence)
        return writer.bytes
    }

    /// The model and the number that a key tells.
    static func place(_ key: [UInt8]) -> (model: ModelName, sequence: UInt64)? {
        guard let zero = key.firstIndex(of: 0), key.count == zero + 9,
            let model = ModelName(String(decoding: key[..<zero], as: UTF8.self)), model.isFlat
        else { return nil }
        return (model, key[(zero + 1)...].reduce(0) { $0 << 8 | UInt64($1) })
    }

    var encoded: [UInt8] {
        var writer = CanonicalWriter()
        writer.byte(action.rawValue)
        writer.integer(microseconds)
        writer.byte((old == nil ? 0 : 1) | (new == nil ? 0 : 2))
        if let old { writer.id(old) }
        if let new { writer.id(new) }
        writer.text(reference.text)
        writer.text(author)
        writer.text(Self.cut(note))
        return writer.bytes
    }

    /// None from bytes that no entry wrote.
    init?(_ bytes: [UInt8], sequence: UInt64) {
        var reader = CanonicalReader(bytes)
        guard let action = reader.byte().flatMap({ Action(rawValue: $0) }),
            let microseconds = reader.integer(UInt64.self), let flags = reader.byte(), flags <= 3
        else { return nil }
        let old = flags & 1 != 0 ? reader.id() : nil
        let new = flags & 2 != 0 ? reader.id() : nil
        guard let reference = reader.text(upTo: 2 * ModelLimits.nameBytes).flatMap({ Reference($0) }),
            let author = reader.text(upTo: ModelLimits.authorBytes),
            let note = reader.text(upTo: Self.noteBytes), reader.isAtEnd
        else { return nil }
        self.init(
            sequence: sequence, reference: reference, old: old, new: new, action: action,
            microseconds: microseconds, author: author, note: note)
    }

    /// At most `noteBytes` of UTF-8.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > noteBytes else { return text }
        var cut = text
        while cut.utf8.count > noteBytes { cut.removeLast() }
        return cut
    }
}
