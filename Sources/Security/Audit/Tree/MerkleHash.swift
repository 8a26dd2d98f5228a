import Crypto

/// A hash of the tree: SHA-256 as RFC 9162, section 2.1.1, applies it, so that no leaf is taken for a node.
public struct MerkleHash: Hashable, Sendable {
    public static let byteCount = 32

    // Four words, so that a hash needs no memory of its own.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// None unless there are 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(gathering: bytes)
    }

    private init(gathering bytes: some Sequence<UInt8>) {
        words = (0, 0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index >> 3 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
        }
    }

    /// The hash of a tree without leaves.
    public static let empty = MerkleHash(gathering: SHA256.hash(data: [UInt8]()))

    public static func leaf(_ entry: some Sequence<UInt8>) -> MerkleHash {
        MerkleHash(gathering: SHA256.hash(data: [0x00] + Array(entry)))
    }

    public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var input: [UInt8] = []
        input.reserveCapacity(1 + 2 * byteCount)
        input.append(0x01)
        left.append(to: &input)
        right.append(to: &input)
        return MerkleHash(gathering: SHA256.hash(data: input))
    }

    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        append(to: &bytes)
        return bytes
    }

    func append(to bytes: inout [UInt8]) {
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
    }

    public static func == (left: MerkleHash, right: MerkleHash) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension MerkleHash: CustomStringConvertible {
    /// 64 hexadecimal digits.
    public var description: String { Hex.text(bytes) }
}
