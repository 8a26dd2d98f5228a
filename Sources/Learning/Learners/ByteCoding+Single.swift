extension ByteEncoder {
    /// Appends the bits of an IEEE 754 single in 1 to 5 bytes.
    package mutating func write(_ value: Float) { write(UInt64(value.bitPattern)) }
}

extension ByteDecoder {
    /// An integer of 32 bits.
    package mutating func word() -> UInt32? { integer(upTo: UInt64(UInt32.max)).map { UInt32($0) } }

    /// A number that is finite and below 10^18 in magnitude.
    package mutating func float() -> Float? {
        guard let bits = word() else { return nil }
        let value = Float(bitPattern: bits)
        return value.isFinite && value.magnitude < 1e18 ? value : nil
    }

    /// As many integers as were written, at most `most`, each at most `limit`.
    package mutating func integers(most: Int, upTo limit: UInt64) -> [UInt64]? {
        guard let count = integer(upTo: UInt64(most)) else { return nil }
        var found: [UInt64] = []
        for _ in 0..<count {
            guard let value = integer(upTo: limit) else { return nil }
            found.append(value)
        }
        return found
    }
}
