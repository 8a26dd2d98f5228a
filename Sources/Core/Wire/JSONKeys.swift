/// The members of an object by range, without decoding their keys.
struct JSONKeys: Sequence, IteratorProtocol, Sendable {
    typealias Element = (keyRange: ByteRange, valueRange: ByteRange)

    let bytes: [UInt8]
    private var at: Int
    private let end: Int

    init(_ view: JSONView) {
        bytes = view.bytes
        // Between the braces.
        at = Int(view.range.start) + 1
        end = view.kind == .object ? Swift.max(at, Int(view.range.end) - 1) : at
    }

    mutating func next() -> (keyRange: ByteRange, valueRange: ByteRange)? {
        at = JSONText.afterSeparators(bytes, at, end)
        guard at < end, bytes[at] == UInt8(ascii: "\"") else { return nil }
        let keyEnd = JSONText.valueEnd(bytes, at, end)
        let keyRange = ByteRange(at..<keyEnd)
        let valueStart = JSONText.afterSeparators(bytes, keyEnd, end)
        let valueEnd = JSONText.valueEnd(bytes, valueStart, end)
        at = valueEnd
        return (keyRange, ByteRange(valueStart..<valueEnd))
    }
}
