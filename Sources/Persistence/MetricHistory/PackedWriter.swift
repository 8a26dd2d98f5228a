/// Writes numbers in few bytes.
struct PackedWriter {
    private(set) var bytes: [UInt8] = []
    /// Whole numbers up to this are the same as doubles and as integers.
    static let mostWhole = 4_503_599_627_370_496.0

    /// 7 bits a byte, the lowest first (ULEB128).
    mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func append(byte: UInt8) { bytes.append(byte) }

    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// A value after another of its series: the difference where both are whole numbers, else all its bits.
    mutating func append(_ value: Double, after previous: inout Double) {
        if Self.isWhole(value), Self.isWhole(previous) {
            let step = Int64(value) - Int64(previous)
            append(UInt64(bitPattern: step << 1 ^ step >> 63) << 1)
        } else {
            append(1)
            let bits = value.bitPattern
            for at in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * at))) }
        }
        previous = value
    }

    static func isWhole(_ value: Double) -> Bool {
        // A negative zero is not the same as an integer.
        abs(value) <= mostWhole && value == value.rounded() && (value != 0 || value.sign == .plus)
    }
}
