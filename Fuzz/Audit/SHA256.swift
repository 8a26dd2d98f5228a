/// Stands in for swift-crypto's SHA-256 in the fuzzer: quick, and nothing that has to resist anybody.
public struct SHA256 {
    public struct Digest: Sequence, Sendable {
        public static let byteCount = 32
        let bytes: [UInt8]

        public func makeIterator() -> [UInt8].Iterator { bytes.makeIterator() }

        public func withUnsafeBytes<Result>(
            _ body: (UnsafeRawBufferPointer) throws -> Result
        ) rethrows -> Result {
            try bytes.withUnsafeBytes(body)
        }
    }

    private var state: (UInt64, UInt64) = (0xCBF2_9CE4_8422_2325, 0x9E37_79B9_7F4A_7C15)

    public init() {}

    public static func hash(data: some Sequence<UInt8>) -> Digest {
        var hasher = SHA256()
        hasher.update(data: data)
        return hasher.finalize()
    }

    public mutating func update(data: some Sequence<UInt8>) {
        for byte in data {
            // FNV-1a (Fowler, Noll, Vo), and a second one with another start.
            state.0 = (state.0 ^ UInt64(byte)) &* 0x100_0000_01B3
            state.1 = (state.1 ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }

    public mutating func update(bufferPointer bytes: UnsafeRawBufferPointer) { update(data: bytes) }

    public func finalize() -> Digest {
        Digest(
            bytes: [state.0, state.1, state.0 ^ state.1, state.0 &+ state.1].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
            })
    }
}
