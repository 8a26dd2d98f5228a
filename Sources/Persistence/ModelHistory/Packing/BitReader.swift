/// Reads what `BitWriter` wrote, from bytes that may be anything.
struct BitReader {
    private let bytes: ArraySlice<UInt8>
    private var next: Int
    /// The bits that come next, from the highest one down.
    private var window: UInt64 = 0
    private var windowBits = 0

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        next = bytes.startIndex
    }

    /// nil at the end.
    mutating func read(bits: Int) -> UInt64? {
        guard bits > 0 else { return 0 }
        if windowBits < bits { refill() }
        guard windowBits >= bits else { return nil }
        defer { drop(bits) }
        return window >> UInt64(64 - bits)
    }

    /// nil at the end, and for a number that takes more than 32 bits.
    mutating func rice(_ parameter: Int) -> Int? {
        if windowBits <= RiceCode.longestUnary { refill() }
        let ones = (~window).leadingZeroBitCount
        if ones >= RiceCode.longestUnary {
            guard windowBits >= RiceCode.longestUnary else { return nil }
            drop(RiceCode.longestUnary)
            return read(bits: 32).map { Int($0) }
        }
        guard windowBits > ones else { return nil }
        drop(ones + 1)
        guard let rest = read(bits: parameter) else { return nil }
        return ones << parameter | Int(rest)
    }

    private mutating func drop(_ bits: Int) {
        window <<= UInt64(bits)
        windowBits -= bits
    }

    private mutating func refill() {
        while windowBits <= 56, next < bytes.endIndex {
            window |= UInt64(bytes[next]) << UInt64(56 - windowBits)
            windowBits += 8
            next += 1
        }
    }
}
