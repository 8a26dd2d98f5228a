/// FNV-1a, 64 bits: the same on every machine and in every version, so that what it names stays named.
///
/// Not for tables that hold what strangers chose (`NameTable` has a seeded hash).
struct StableHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    mutating func combine(_ text: String) {
        for byte in text.utf8 { combine(byte) }
    }

    /// Both halves folded into one.
    var folded: UInt32 { UInt32(truncatingIfNeeded: value ^ value >> 32) }
}
