/// Edits to one message, applied together; every byte that no edit touches passes unchanged.
///
/// Ranges and objects must belong to the message that the edits are applied to, and edits must not overlap:
/// an edit that starts inside an earlier one is left out. Edits at the same offset apply in the order they
/// were made.
public struct Splice: Sendable {
    private struct Edit {
        var start: Int
        var end: Int
        var bytes: [UInt8]
    }

    /// What changes in the members of one object.
    private struct ObjectEdit {
        var object: JSONView
        var removed: [String] = []
        /// `"key":value`, without commas.
        var inserted: [[UInt8]] = []
    }

    private var edits: [Edit] = []
    private var objects: [ObjectEdit] = []

    public init() {}

    public var isEmpty: Bool { edits.isEmpty && objects.isEmpty }

    public mutating func replace(_ range: ByteRange, with bytes: [UInt8]) {
        // Room for the edits of a usual request at once.
        if edits.isEmpty { edits.reserveCapacity(4) }
        edits.append(Edit(start: range.range.lowerBound, end: range.range.upperBound, bytes: bytes))
    }

    public mutating func insert(_ bytes: [UInt8], at offset: Int) {
        edits.append(Edit(start: offset, end: offset, bytes: bytes))
    }

    /// Removes every member with a key, and the comma that is then too many; nothing when there is none.
    public mutating func removeMember(of object: JSONView, key: String) {
        guard object.kind == .object else { return }
        objects[entry(for: object)].removed.append(key)
    }

    /// Puts a member in front of an object's first.
    ///
    /// - Parameter value: one valid JSON value.
    public mutating func insertMember(key: StaticString, value: [UInt8], into object: JSONView) {
        guard object.kind == .object else { return }
        var writer = JSONWriter(capacity: key.bytes.count + value.count + 3)
        writer.key(key)
        writer.raw(value)
        objects[entry(for: object)].inserted.append(writer.bytes)
    }

    /// The edited copy of a message.
    ///
    /// - Complexity: O(bytes + edits × log(edits)).
    public func apply(to message: [UInt8]) -> [UInt8] {
        guard !isEmpty else { return message }
        // Most messages are edited front to back, in members of their own: there is nothing to work out.
        if objects.isEmpty, isAscending { return Self.applied(edits, to: message) }
        var all = edits
        for object in objects { Self.resolve(object, into: &all) }
        // Sorting is stable in effect: equal starts keep their order by index.
        let order = all.indices.sorted { (all[$0].start, $0) < (all[$1].start, $1) }
        return Self.applied(order.map { all[$0] }, to: message)
    }

    private var isAscending: Bool {
        var start = 0
        for index in edits.indices {
            if edits[index].start < start { return false }
            start = edits[index].start
        }
        return true
    }

    private static func applied(_ edits: [Edit], to message: [UInt8]) -> [UInt8] {
        var capacity = message.count
        for index in edits.indices { capacity += edits[index].bytes.count }
        var out: [UInt8] = []
        out.reserveCapacity(capacity)
        var at = 0
        for index in edits.indices {
            let (start, end) = (edits[index].start, edits[index].end)
            guard start >= at, end <= message.count else { continue }
            out.append(contentsOf: message[at..<start])
            out.append(contentsOf: edits[index].bytes)
            at = end
        }
        out.append(contentsOf: message[at...])
        return out
    }

    private mutating func entry(for object: JSONView) -> Int {
        if let known = objects.firstIndex(where: { $0.object.range == object.range }) { return known }
        objects.append(ObjectEdit(object: object))
        return objects.count - 1
    }

    /// Turns the member changes of one object into edits that leave the right number of commas.
    private static func resolve(_ change: ObjectEdit, into edits: inout [Edit]) {
        let members = Array(change.object.keys)
        let isRemoved = members.map { member in
            change.removed.contains { key in
                var key = key
                key.makeContiguousUTF8()
                return TextCompare.equal(change.object.bytes, member.keyRange, key.utf8Span.span)
            }
        }
        let lastKept = isRemoved.lastIndex(of: false)
        if !change.inserted.isEmpty {
            var bytes = [UInt8](change.inserted.joined(separator: [UInt8(ascii: ",")]))
            if lastKept != nil { bytes.append(UInt8(ascii: ",")) }
            let inside = Int(change.object.range.start) + 1
            edits.append(Edit(start: inside, end: inside, bytes: bytes))
        }
        for (at, member) in members.enumerated() where isRemoved[at] {
            if let lastKept, at < lastKept {
                let next = Int(members[at + 1].keyRange.start)
                edits.append(Edit(start: Int(member.keyRange.start), end: next, bytes: []))
            } else {
                // All that follow go as well: from the end of the last that stays to the end of the last of
                // all.
                let start = lastKept.map { Int(members[$0].valueRange.end) } ?? Int(member.keyRange.start)
                let end = Int(members[members.count - 1].valueRange.end)
                edits.append(Edit(start: start, end: end, bytes: []))
                break
            }
        }
    }
}
