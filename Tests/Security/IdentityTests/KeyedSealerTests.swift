import Sessions
import Testing

@testable import Identity

@Suite("Sealed tokens") struct KeyedSealerTests {
    private let context = Array("test".utf8)

    @Test("What was sealed opens again, in any size, and is text for a header")
    func roundTrip() throws {
        let sealer = KeyedSealer(key: SealingKey())
        for size in [0, 1, 2, 3, 15, 16, 17, 255, 4096] {
            let value = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let token = sealer.seal(value, context: context)
            #expect(sealer.open(token, context: context) == value)
            #expect(
                token.utf8.allSatisfy { Array("-_".utf8).contains($0) || Character(.init($0)).isASCIIWord })
            #expect(token.utf8.count == ((size + KeyedSealer.addedBytes) * 4 + 2) / 3)
        }
    }

    @Test("No two tokens of one value are alike") func freshness() {
        let sealer = KeyedSealer(key: SealingKey())
        let tokens = Set((0..<200).map { _ in sealer.seal([1, 2, 3], context: context) })
        #expect(tokens.count == 200)
    }

    @Test("A token of another context, or another key, does not open") func binding() {
        let sealer = KeyedSealer(key: SealingKey())
        let token = sealer.seal([1, 2, 3], context: context)
        #expect(sealer.open(token, context: Array("tesu".utf8)) == nil)
        #expect(sealer.open(token, context: []) == nil)
        #expect(KeyedSealer(key: SealingKey()).open(token, context: context) == nil)
    }

    @Test("A token with any one bit changed, cut short or made longer does not open") func forgery() throws {
        let sealer = KeyedSealer(key: SealingKey())
        let token = sealer.seal([1, 2, 3], context: context)
        let bytes = try #require(Base64URL.decode(token.utf8))
        for index in bytes.indices {
            for bit in 0..<8 {
                var forged = bytes
                forged[index] ^= 1 << UInt8(bit)
                #expect(sealer.open(Base64URL.encode(forged), context: context) == nil)
            }
        }
        for count in 0..<token.utf8.count {
            #expect(sealer.open(String(token.prefix(count)), context: context) == nil)
        }
        for suffix in ["A", "=", "AA", "AAAA", " ", "\u{E9}"] {
            #expect(sealer.open(token + suffix, context: context) == nil)
        }
    }

    @Test("After a rotation older keys still open, and the new one seals") func rotation() {
        let (old, new) = (SealingKey(), SealingKey())
        let earlier = KeyedSealer(key: old).seal([4], context: context)
        let sealer = KeyedSealer(key: new, olderKeys: [old])
        #expect(sealer.open(earlier, context: context) == [4])
        let later = sealer.seal([5], context: context)
        #expect(KeyedSealer(key: new).open(later, context: context) == [5])
        #expect(KeyedSealer(key: old).open(later, context: context) == nil)
    }

    @Test("A key is written as 64 digits and read in hexadecimal and both forms of base64") func keyText() {
        let key = SealingKey()
        #expect(key.text.utf8.count == 64)
        #expect(SealingKey(text: key.text) == key)
        #expect(SealingKey(text: key.text.uppercased()) == key)
        let bytes = (0..<32).map { UInt8(255 - $0 * 5) }
        let url = Base64URL.encode(bytes)
        let standard = String(url.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }) + "="
        #expect(SealingKey(text: url) == SealingKey(bytes: bytes))
        #expect(SealingKey(text: standard) == SealingKey(bytes: bytes))
        for wrong in ["", "secret", String(key.text.dropLast()), key.text + "0", "g" + key.text.dropFirst()] {
            #expect(SealingKey(text: wrong) == nil)
        }
    }
}

extension Character {
    fileprivate var isASCIIWord: Bool { isASCII && (isLetter || isNumber) }
}
