import Storage

/// Where a run of calls stands: in the order of gateways, loops and sequences.
///
/// | offset | bytes | what, all numbers big-endian, so that keys are in the order of numbers |
/// |---|---|---|
/// | 0 | 8 | the generation of the gateway's region |
/// | 8 | 2 | the loop |
/// | 10 | 8 | the sequence of the run's last call |
struct JournalRunKey: Hashable {
    private static let byteCount = 18

    var generation: UInt64
    var loop: UInt16
    var last: UInt64

    init(generation: UInt64, loop: UInt16, last: UInt64) {
        self.generation = generation
        self.loop = loop
        self.last = last
    }

    /// None for bytes that aren't a key.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        generation = Self.number(bytes[..<8])
        loop = UInt16(truncatingIfNeeded: Self.number(bytes[8..<10]))
        last = Self.number(bytes[10...])
    }

    var bytes: [UInt8] {
        Self.bytes(of: generation)
            + [UInt8(truncatingIfNeeded: loop >> 8), UInt8(truncatingIfNeeded: loop)]
            + Self.bytes(of: last)
    }

    /// The runs of the same loop that end with this key's sequence or a later one.
    var rest: KeyRange { KeyRange(from: bytes, upTo: KeyRange(prefix: Array(bytes.prefix(10))).upper) }

    /// All runs behind those of this key's loop.
    var others: KeyRange { KeyRange(from: rest.upper ?? bytes, upTo: nil) }

    private static func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
