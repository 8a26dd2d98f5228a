import CSharedMemory

/// XXH64 (xxHash by Yann Collet, specification 0.1.1), the hash of bytes everywhere in the shared region.
///
/// It is fast and well spread, not resistant to an attacker who chooses keys.
public enum XXHash64 {
    /// - Complexity: a cycle for about 4 bytes.
    @inlinable
    public static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        guard let start = bytes.baseAddress else { return finishEmpty(seed) }
        return unsafe cshared_xxh64(start, bytes.count, seed)
    }

    /// - Complexity: a cycle for about 4 bytes.
    @inlinable
    public static func hash(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe hash($0, seed: seed) }
    }

    @usableFromInline
    static func finishEmpty(_ seed: UInt64) -> UInt64 {
        unsafe withUnsafeBytes(of: seed) { unsafe cshared_xxh64($0.baseAddress, 0, seed) }
    }
}
