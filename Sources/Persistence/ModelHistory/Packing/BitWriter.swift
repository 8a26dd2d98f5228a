/// Writes bits, the most significant of a byte first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingBits = 0

    /// Writes the lowest `bits` bits of a value, at most 32.
    mutating func write(_ value: UInt64, bits: Int) {
        pending = pending << UInt64(bits) | (value & ((1 << UInt64(bits)) - 1))
        pendingBits += bits
        while pendingBits >= 8 {
            pendingBits -= 8
            bytes.append(UInt8(truncatingIfNeeded: pending >> UInt64(pendingBits)))
        }
    }

    /// Writes a number below 2^32 as a Rice code (Golomb, IEEE Transactions on Information Theory 12(3),
    /// 1966): its part above `parameter` bits in unary, then these bits.
    mutating func rice(_ value: Int, _ parameter: Int) {
        let quotient = value >> parameter
        guard quotient < RiceCode.longestUnary else {
            write((1 << UInt64(RiceCode.longestUnary)) - 1, bits: RiceCode.longestUnary)
            return write(UInt64(value), bits: 32)
        }
        write((1 << UInt64(quotient + 1)) - 2, bits: quotient + 1)
        write(UInt64(value), bits: parameter)
    }

    /// Fills the last byte with zeros.
    mutating func finish() {
        if pendingBits > 0 { write(0, bits: 8 - pendingBits) }
    }
}
