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
        // Proof: the buffer lives until its closure returns, and nothing keeps it.
        unsafe bytes.withUnsafeBytes { bytes in
            var state = UInt64(bytes.count)
            let whole = bytes.count & ~7
            for offset in stride(from: 0, to: whole, by: 8) {
                // Proof: the eight bytes end at `whole` or before.
                let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                state = mix(state, word.bigEndian)
            }
            guard whole < bytes.count else { return state }
            var word: UInt64 = 0
            // Proof: the range is that of the buffer's last bytes.
            for offset in whole..<bytes.count { word = word << 8 | UInt64(unsafe bytes[offset]) }
            return mix(state, word)
        }
    }
}
