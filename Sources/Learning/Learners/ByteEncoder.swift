/// Writes the state of a learner as bytes: little-endian, unsigned integers as LEB128 (DWARF 5, section 7.6).
package struct ByteEncoder: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Appends an unsigned integer in 1 to 10 bytes.
    package mutating func write(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Appends the 8 bytes of an IEEE 754 double.
    package mutating func write(_ value: Double) {
        var rest = value.bitPattern
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Appends a length and the bytes.
    package mutating func write(_ run: [UInt8]) {
        write(UInt64(run.count))
        bytes += run
    }
}
