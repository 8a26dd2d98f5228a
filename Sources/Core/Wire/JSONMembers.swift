/// The members of an object, in their order.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    public typealias Element = (key: String, keyRange: ByteRange, value: JSONView)

    private var keys: JSONKeys

    init(keys: JSONKeys) { self.keys = keys }

    /// - Returns: the unescaped key, the key with its quotes as a range, and the value.
    public mutating func next() -> (key: String, keyRange: ByteRange, value: JSONView)? {
        guard let (keyRange, valueRange) = keys.next() else { return nil }
        let key = JSONView(keys.bytes, keyRange).string ?? ""
        return (key, keyRange, JSONView(keys.bytes, valueRange))
    }
}
