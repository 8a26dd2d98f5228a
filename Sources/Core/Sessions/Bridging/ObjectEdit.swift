import Wire

/// Members to take out of and to put into one JSON object, leaving every other byte as it is.
struct ObjectEdit {
    private struct Member {
        let key: String
        let keyRange: ByteRange
        let value: JSONView
        var isRemoved = false
    }

    private let object: JSONView
    private var members: [Member]
    private var inserted: [UInt8] = []

    /// - Parameter object: a view of an object; any other value has no members.
    init(_ object: JSONView) {
        self.object = object
        members = []
        guard object.kind == .object else { return }
        for (key, keyRange, value) in object.members {
            members.append(Member(key: key, keyRange: keyRange, value: value))
        }
    }

    var isEmpty: Bool { inserted.isEmpty && members.allSatisfy(\.isRemoved) }

    /// The first member of this name that is not removed.
    func value(_ key: String) -> JSONView? { members.first { $0.key == key && !$0.isRemoved }?.value }

    mutating func remove(where isUnwanted: (String) -> Bool) {
        for index in members.indices where isUnwanted(members[index].key) { members[index].isRemoved = true }
    }

    mutating func insert(_ key: String, _ value: [UInt8]) {
        insert(members: JSONWriter.quoted(key) + [UInt8(ascii: ":")] + value)
    }

    /// - Parameter members: members as JSON, without braces, at least one.
    mutating func insert(members: [UInt8]) {
        if !inserted.isEmpty { inserted.append(UInt8(ascii: ",")) }
        inserted.append(contentsOf: members)
    }

    /// Takes members out of the object's `_meta` and puts others into it; a `_meta` that ends up empty goes
    /// away.
    /// - Parameter additions: members as JSON, without braces; empty for none.
    mutating func editMeta(
        into splice: inout Splice, removing isUnwanted: (String) -> Bool, inserting additions: [UInt8] = []
    ) {
        if let meta = value("_meta"), meta.kind == .object {
            var edit = ObjectEdit(meta)
            edit.remove(where: isUnwanted)
            if !additions.isEmpty { edit.insert(members: additions) }
            if edit.isEmpty, !edit.members.isEmpty {
                remove { $0 == "_meta" }
            } else {
                edit.record(into: &splice)
            }
            return
        }
        guard !additions.isEmpty else { return }
        remove { $0 == "_meta" }
        insert("_meta", [UInt8(ascii: "{")] + additions + [UInt8(ascii: "}")])
    }

    /// The raw JSON of an object with these members.
    static func object(_ members: [(key: String, value: [UInt8])]) -> [UInt8] {
        var bytes = [UInt8(ascii: "{")]
        for member in members {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: JSONWriter.quoted(member.key))
            bytes.append(UInt8(ascii: ":"))
            bytes.append(contentsOf: member.value)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Additions go behind the opening brace. A removed member takes the comma before it along, or, when
    /// nothing stays before it, the one after it.
    func record(into splice: inout Splice) {
        guard object.kind == .object else { return }
        var keepsOne = false
        for (index, member) in members.enumerated() {
            guard member.isRemoved else {
                keepsOne = true
                continue
            }
            if keepsOne {
                let start = members[index - 1].value.range.end
                splice.replace(ByteRange(start: start, end: member.value.range.end), with: [])
            } else {
                let isLast = index + 1 == members.count
                let end = isLast ? member.value.range.end : members[index + 1].keyRange.start
                splice.replace(ByteRange(start: member.keyRange.start, end: end), with: [])
            }
        }
        guard !inserted.isEmpty else { return }
        let start = object.range.start
        let opening = [UInt8(ascii: "{")] + inserted + (keepsOne ? [UInt8(ascii: ",")] : [])
        splice.replace(ByteRange(start: start, end: start + 1), with: opening)
    }
}
