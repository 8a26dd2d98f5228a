/// Mixes 64-bit words into hashes that are the same in every process, unlike `Hasher`'s.
///
/// The finalizer is that of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014, variant 13 of Stafford).
package enum HashMix {
    @inlinable
    package static func mix(_ word: UInt64) -> UInt64 {
        var x = word
        x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
        return x ^ (x >> 31)
    }

    /// The hash of two words in their order.
    @inlinable
    package static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        mix(a &* 0x9E37_79B9_7F4A_7C15 &+ b ^ 0x2545_F491_4F6C_DD1D)
    }

    /// The hash of a run of bytes, eight at a time.
    package static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var state = UInt64(bytes.count)
        var word: UInt64 = 0
        var filled = 0
        for byte in bytes {
            word = word << 8 | UInt64(byte)
            filled += 1
            if filled == 8 {
                state = mix(state, word)
                (word, filled) = (0, 0)
            }
        }
        return filled > 0 ? mix(state, word) : state
    }
}
