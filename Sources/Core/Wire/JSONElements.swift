/// The elements of an array, in their order.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let bytes: [UInt8]
    private var at: Int
    private let end: Int

    init(_ view: JSONView) {
        bytes = view.bytes
        // Between the brackets.
        at = Int(view.range.start) + 1
        end = view.kind == .array ? Swift.max(at, Int(view.range.end) - 1) : at
    }

    public mutating func next() -> JSONView? {
        at = JSONText.afterSeparators(bytes, at, end)
        guard at < end else { return nil }
        let start = at
        at = JSONText.valueEnd(bytes, start, end)
        return at > start ? JSONView(bytes, ByteRange(start..<at)) : nil
    }
}
