import SharedMemory

/// A key as the table looks for it: its hash, and either the 64-bit key itself or the bytes.
///
/// The hash of a 64-bit key is SplitMix64's finaliser (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014) of `key ^ seed`: a bijection, so equal hashes are equal keys. Byte strings are
/// hashed by XXH64 with the table's seed. The seed is random for each table, so that nobody can choose keys
/// that collide.
///
/// - Note: `bytes` is borrowed for the call that the key is made for.
@safe
public struct EntryKey {
    @usableFromInline let hash: UInt64
    @usableFromInline let word: UInt64
    /// `nil` for a 64-bit key.
    @usableFromInline let bytes: UnsafeRawBufferPointer?

    @inlinable @inline(__always)
    init(word: UInt64, seed: UInt64) {
        hash = Self.finalised(word ^ seed)
        self.word = word
        unsafe bytes = nil
    }

    @inlinable @inline(__always)
    init(bytes: UnsafeRawBufferPointer, seed: UInt64) {
        hash = unsafe XXHash64.hash(bytes, seed: seed)
        word = 0
        unsafe self.bytes = bytes
    }

    @inlinable @inline(__always)
    static func finalised(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ mixed &>> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed &>> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed &>> 31
    }
}
