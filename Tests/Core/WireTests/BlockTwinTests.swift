import CWire
import TestSupport
import Testing

@Suite("SIMD functions and their portable twins")
struct BlockTwinTests {
    private static let alphabet: [UInt8] =
        Array("\"\\\\{}[]:, \t\n\r\u{0}\u{C}\u{1A}\u{1F}\u{7F}abcdefnrtu/019.-eE".utf8) + [
            0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1,
            0xF4, 0xF5,
            0xFF,
        ]

    private static func block(_ random: inout SeededGenerator) -> [UInt8] {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return (0..<64).map { _ in .random(in: .min ... .max, using: &random) }
        case 1: return (0..<64).map { _ in random.pick(alphabet) }
        case 2: return text(&random)
        default:
            // Well-formed but for one byte: what random bytes hardly ever are.
            var block = text(&random)
            block[Int.random(in: 0..<64, using: &random)] = random.pick(alphabet)
            return block
        }
    }

    private static func text(_ random: inout SeededGenerator) -> [UInt8] {
        let ceiling: UInt32 = random.pick([0xFF, 0x7FF, 0xFFFF, 0x10FFFF])
        var bytes: [UInt8] = []
        while bytes.count < 64 {
            let scalar = Unicode.Scalar(UInt32.random(in: 0...ceiling, using: &random)) ?? "x"
            bytes += Array(String(scalar).utf8)
        }
        return Array(bytes.prefix(64))
    }

    private struct Implementation: Sendable {
        let name: String
        let classify: @Sendable ([UInt8]) -> cwire_masks
        let escapable: @Sendable ([UInt8]) -> UInt64
        let equal: @Sendable ([UInt8], UInt8) -> UInt64
        let digits: @Sendable ([UInt8]) -> UInt64
        let isUTF8: @Sendable ([UInt8], UInt32) -> Bool
    }

    // Proof, for every call below: a block has the 64 bytes that these functions read.
    private static let portable = Implementation(
        name: "portable",
        classify: { block in
            var masks = cwire_masks()
            unsafe cwire_classify_scalar(block, &masks)
            return masks
        },
        escapable: { unsafe cwire_escapable_scalar($0) }, equal: { unsafe cwire_equal_scalar($0, $1) },
        digits: { unsafe cwire_digits_scalar($0) }, isUTF8: { unsafe cwire_utf8_scalar($0, $1) })

    /// Every other implementation that this processor runs.
    private static var implementations: [Implementation] {
        var all: [Implementation] = []
        #if arch(x86_64)
            let sse2 = Implementation(
                name: "SSE2",
                classify: { block in
                    var masks = cwire_masks()
                    unsafe cwire_classify_sse2(block, &masks)
                    return masks
                },
                escapable: { unsafe cwire_escapable_sse2($0) }, equal: { unsafe cwire_equal_sse2($0, $1) },
                digits: { unsafe cwire_digits_sse2($0) }, isUTF8: portable.isUTF8)
            all.append(sse2)
            let avx2 = Implementation(
                name: "AVX2",
                classify: { block in
                    var masks = cwire_masks()
                    unsafe cwire_classify_avx2(block, &masks)
                    return masks
                },
                escapable: { unsafe cwire_escapable_avx2($0) },
                equal: { unsafe cwire_block_equal_avx2($0, $1) }, digits: { unsafe cwire_digits_avx2($0) },
                isUTF8: { unsafe cwire_utf8_avx2($0, $1) })
            if cwire_has_avx2() { all.append(avx2) }
            let avx512 = Implementation(
                name: "AVX-512",
                classify: { block in
                    var masks = cwire_masks()
                    unsafe cwire_classify_avx512(block, &masks)
                    return masks
                },
                escapable: avx2.escapable, equal: { unsafe cwire_equal_avx512($0, $1) },
                digits: { unsafe cwire_digits_avx512($0) }, isUTF8: avx2.isUTF8)
            if cwire_has_avx512() { all.append(avx512) }
        #elseif arch(arm64)
            let neon = Implementation(
                name: "NEON",
                classify: { block in
                    var masks = cwire_masks()
                    unsafe cwire_classify_neon(block, &masks)
                    return masks
                },
                escapable: { unsafe cwire_escapable_neon($0) }, equal: { unsafe cwire_equal_neon($0, $1) },
                digits: { unsafe cwire_digits_neon($0) }, isUTF8: { unsafe cwire_utf8_neon($0, $1) })
            all.append(neon)
        #endif
        return all
    }

    @Test("agree on random blocks", arguments: [0x5EED_0001, 0x5EED_0002] as [UInt64])
    func blocks(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for implementation in Self.implementations {
            var failures = 0
            for _ in 0..<5000 {
                let block = Self.block(&random)
                let tail = Self.tail(&random)
                let expected = Self.portable.classify(block)
                let found = implementation.classify(block)
                let equal =
                    found.quote == expected.quote && found.backslash == expected.backslash
                    && found.blank == expected.blank && found.open == expected.open
                    && found.close == expected.close && found.colon == expected.colon
                    && found.comma == expected.comma && found.control == expected.control
                    && (found.high != 0) == (expected.high != 0)
                    && implementation.digits(block) == Self.portable.digits(block)
                    && implementation.equal(block, block[0]) == Self.portable.equal(block, block[0])
                    && implementation.escapable(block) == Self.portable.escapable(block)
                    && implementation.isUTF8(block, tail) == Self.portable.isUTF8(block, tail)
                if !equal { failures += 1 }
            }
            #expect(failures == 0, "\(implementation.name), seed \(seed)")
        }
    }

    /// Four bytes that may precede a block: they have passed the same check, so only their end may be cut.
    private static func tail(_ random: inout SeededGenerator) -> UInt32 {
        let tails: [[UInt8]] = [
            [0x61, 0x61, 0x61, 0x61], [0x61, 0x61, 0x61, 0xC3], [0x61, 0x61, 0xE2, 0x82],
            [0x61, 0x61, 0x61, 0xE2],
            [0x61, 0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x80], [0x61, 0x61, 0xF0, 0x9F],
            [0x61, 0x61, 0x61, 0xF4],
            [0x61, 0x61, 0x61, 0xED], [0x61, 0x61, 0x61, 0xE0], [0x61, 0x61, 0x61, 0xF0],
            [0x61, 0xE2, 0x82, 0xAC],
            [0x61, 0x61, 0x61, 0xC1], [0x61, 0x61, 0x61, 0xF5],
        ]
        return random.pick(tails).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    #if arch(x86_64)
        @Test("multiply without carry as they shift")
        func prefixes() {
            guard cwire_has_avx2() else { return }
            var random = SeededGenerator(seed: 3)
            for _ in 0..<1000 {
                let bits = random.next()
                guard cwire_prefix_xor_avx2(bits) != cwire_prefix_xor(bits) else { continue }
                Issue.record("\(bits)")
            }
        }
    #endif
}
