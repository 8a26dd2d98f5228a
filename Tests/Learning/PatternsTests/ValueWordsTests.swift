import TestSupport
import Testing

@testable import Patterns

@Suite("Values in texts") struct ValueWordsTests {
    private static func words(_ text: String) -> [(text: String, isAddress: Bool)] {
        let bytes = Array(text.utf8)
        var found: [(String, Bool)] = []
        ValueWords.forEach(bytes[...]) { word in
            found.append((String(decoding: bytes[word.range], as: UTF8.self), word.isAddress))
        }
        return found
    }

    private static func hashes(_ text: String) -> [UInt64] {
        var found: [UInt64] = []
        ValueWords.forEach(Array(text.utf8)[...]) { found.append($0.hash) }
        return found
    }

    private static func values(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var found: [String] = []
        ArgumentTexts.forEach(bytes[...]) { found.append(String(decoding: bytes[$0], as: UTF8.self)) }
        return found
    }

    @Test("Words keep addresses whole, and escapes and full stops are no part of them") func words() {
        let found = Self.words(
            #"Write to eve.b@x-mail.org.\nThen pay DE4500123 at http://www.A-Shop.com/pay!"#)
        let expected = ["Write", "eve.b@x-mail.org", "Then", "pay", "DE4500123", "http", "A-Shop.com", "pay"]
        #expect(found.map(\.text) == expected)
        #expect(found.filter(\.isAddress).map(\.text) == ["eve.b@x-mail.org", "DE4500123", "A-Shop.com"])
    }

    @Test("An address is the same in capitals, with www and in a sentence") func sameness() {
        #expect(Self.hashes("www.shop.com") == Self.hashes("SHOP.com."))
        #expect(Self.hashes("shop.com") != Self.hashes("shop.org"))
    }

    @Test("Values are strings that are no keys, and bare runs, wherever they stand") func values() {
        #expect(
            Self.values(#"{"to": ["a@b.c", "d\"e"], "n" : 12.5, "deep": {"x": true}}"#)
                == ["a@b.c", #"d\"e"#, "12.5", "true"])
        #expect(Self.values("no JSON") == ["no", "JSON"])
        #expect(Self.values(#"{"open": "ended"#) == ["ended"])
    }

    @Test("No bytes trap", arguments: 1...20 as ClosedRange<UInt64>) func anything(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = (0..<Int(random.next() % 40)).map { _ in random.pick(Array(#""\{}:,. www.a1@"#.utf8))
            }
            let slice = bytes.dropFirst(2)
            ValueWords.forEach(slice) { word in
                #expect(slice.indices.contains(word.range.lowerBound) && !word.range.isEmpty, "seed \(seed)")
                #expect(word.range.upperBound <= slice.endIndex, "seed \(seed)")
            }
            ArgumentTexts.forEach(slice) { value in
                #expect(value.lowerBound >= slice.startIndex && value.upperBound <= slice.endIndex)
            }
        }
    }
}
