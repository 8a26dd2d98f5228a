import SharedMemory
import Testing

@Suite("XXH64") struct XXHash64Tests {
    /// The test vectors of the reference implementation: `count` bytes of its generator, with seed 0 and
    /// prime 1.
    @Test("Its values are those of the reference implementation")
    func reference() {
        let empty: [UInt8] = []
        #expect(XXHash64.hash(empty.span) == 0xEF46_DB37_51D8_E999)
        #expect(XXHash64.hash(Array("a".utf8).span) == 0xD24E_C4F1_A98C_6E5B)
        #expect(XXHash64.hash(Array("abc".utf8).span) == 0x44BC_2CF5_AD77_0999)
        let seed: UInt64 = 0x9E37_79B1
        let bytes = Self.sanityBuffer(222)
        for (count, plain, seeded) in [
            (1, 0xE934_A84A_DB05_2768, 0x5014_6076_43A9_B4C3),
            (4, 0x9136_A0DC_A574_57EE, 0xCAAB_286B_D8E9_FDB5),
            (14, 0x8282_DCC4_994E_35C8, 0xC3BD_6BF6_3DEB_6DF0),
            (222, 0xB641_AE8C_B691_C174, 0x20CB_8AB7_AE10_C14A),
        ] as [(Int, UInt64, UInt64)] {
            #expect(XXHash64.hash(bytes.span.extracting(first: count)) == plain, "\(count) bytes")
            #expect(
                XXHash64.hash(bytes.span.extracting(first: count), seed: seed) == seeded, "\(count) bytes")
        }
    }

    /// The buffer that xxHash's `xsum_sanity_check.c` hashes.
    static func sanityBuffer(_ count: Int) -> [UInt8] {
        var generator: UInt64 = 2_654_435_761
        return (0..<count).map { _ in
            let byte = UInt8(truncatingIfNeeded: generator >> 56)
            generator = generator &* 11_400_714_785_074_694_797
            return byte
        }
    }
}
