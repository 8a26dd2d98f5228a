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

    private init(_ digest: SHA256.Digest) {
        // Proof: a digest has the 32 bytes that the four words are read from.
        words = unsafe digest.withUnsafeBytes { bytes in
            unsafe (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
            )
        }
    }

    private static let leafPrefix: [UInt8] = [0x00]
    private static let nodePrefix: [UInt8] = [0x01]

    /// The hash of a tree without leaves.
    public static let empty = MerkleHash(SHA256.hash(data: [UInt8]()))

    public static func leaf(_ entry: some Sequence<UInt8>) -> MerkleHash {
        var hash = SHA256()
        hash.update(data: leafPrefix)
        // Proof: the bytes are read within the closure.
        let isHashed: Void? = entry.withContiguousStorageIfAvailable { bytes in
            unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        }
        if isHashed == nil { hash.update(data: Array(entry)) }
        return MerkleHash(hash.finalize())
    }

    public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var hash = SHA256()
        hash.update(data: nodePrefix)
        let words = (left.stored, right.stored)
        // Proof: the bytes are read within the closure.
        unsafe withUnsafeBytes(of: words) { bytes in unsafe hash.update(bufferPointer: bytes) }
        return MerkleHash(hash.finalize())
    }

    /// The words as their bytes stand in memory.
    private var stored: (UInt64, UInt64, UInt64, UInt64) {
        (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    }

    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        append(to: &bytes)
        return bytes
    }

    func append(to bytes: inout [UInt8]) {
        // Proof: the bytes are copied within the closure.
        unsafe withUnsafeBytes(of: stored) { own in unsafe bytes.append(contentsOf: own) }
    }

    /// - Parameter offset: from there on there are 32 bytes at least.
    func write(to bytes: inout [UInt8], at offset: Int) {
        // Proof: `replaceSubrange` checks the range, and the bytes are copied within the closure.
        unsafe withUnsafeBytes(of: stored) { own in
            unsafe bytes.replaceSubrange(offset..<offset + Self.byteCount, with: own)
        }
    }

    public static func == (left: MerkleHash, right: MerkleHash) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension MerkleHash: CustomStringConvertible {
    /// 64 hexadecimal digits.
    public var description: String { Hex.text(bytes) }
}
