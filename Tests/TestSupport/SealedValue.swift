/// Values that prove themselves: from the first eight bytes follow all others, so that a mixture of two
/// shows.
public enum SealedValue {
    /// - Parameter length: at least 8.
    public static func make(_ number: UInt64, length: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: number ^ UInt64(length))
        var bytes = words(number)
        while bytes.count < length { bytes += words(generator.next()) }
        return Array(bytes.prefix(length))
    }

    public static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8 else { return false }
        let number = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return bytes == make(number, length: bytes.count)
    }

    private static func words(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
    }
}
