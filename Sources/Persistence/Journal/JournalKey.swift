import Storage

/// Where an entry stands in the journal: in the order of time.
///
/// | offset | bytes | what, all numbers big-endian, so that keys are in the order of numbers |
/// |---|---|---|
/// | 0 | 8 | when the call began, in microseconds since 1970 |
/// | 8 | 2 | the loop that observed it |
/// | 10 | 8 | its sequence in that loop's ring; 0 for a gap |
public struct JournalKey: Hashable, Sendable {
    static let byteCount = 18

    public var microseconds: UInt64
    public var loop: UInt16
    public var sequence: UInt64

    init(microseconds: UInt64, loop: UInt16, sequence: UInt64) {
        self.microseconds = microseconds
        self.loop = loop
        self.sequence = sequence
    }

    /// None for bytes that aren't a key.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        microseconds = Self.number(bytes[..<8])
        loop = UInt16(truncatingIfNeeded: Self.number(bytes[8..<10]))
        sequence = Self.number(bytes[10...])
    }

    var bytes: [UInt8] {
        Self.bytes(of: microseconds)
            + [UInt8(truncatingIfNeeded: loop >> 8), UInt8(truncatingIfNeeded: loop)]
            + Self.bytes(of: sequence)
    }

    /// All that began from `first` on and before `end`, in microseconds since 1970.
    static func range(from first: UInt64, upTo end: UInt64?) -> KeyRange {
        KeyRange(from: bytes(of: first), upTo: end.map(bytes))
    }

    private static func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
