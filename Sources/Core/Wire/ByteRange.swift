/// A range of byte offsets into one message; empty ranges stand for "absent".
public struct ByteRange: Hashable, Sendable {
    public var start: UInt32
    public var end: UInt32

    /// The absent range, (0, 0).
    public static let none = ByteRange(start: 0, end: 0)

    @inlinable
    public init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = end
    }

    /// - Precondition: both bounds fit in 32 bits; a scanned message always does.
    @inlinable
    public init(_ range: Range<Int>) {
        self.init(start: UInt32(range.lowerBound), end: UInt32(range.upperBound))
    }

    @inlinable public var isEmpty: Bool { end <= start }

    @inlinable public var count: Int { isEmpty ? 0 : Int(end - start) }

    @inlinable public var range: Range<Int> { isEmpty ? Int(start)..<Int(start) : Int(start)..<Int(end) }
}
