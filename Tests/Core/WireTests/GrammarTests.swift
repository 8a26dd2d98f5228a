import Testing
import Wire

@Suite("The grammar of RFC 8259")
struct GrammarTests {
    @Test(
        "accepts every kind of value at the top level",
        arguments: [
            "{}", "[]", "\"\"", "\"a\"", "0", "-0", "1", "-1.5", "10.25e-3", "1E9", "1e+9", "true", "false",
            "null",
            " \t\r\n[ 1 , 2 ] \n", "{\"a\":{\"b\":[{},[],\"\",null]}}", "[[[[]]]]", "{\"\":0}",
            "{\"a\":1,\"a\":2}",
            "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00Af\"]", "[\"\u{7F}\"]", "123456789012345678901234567890",
            "[1e999999]", "[-1E-999999]",
        ])
    func accepts(_ message: String) {
        #expect(refusal(message) == nil)
        #expect(ReferenceValidator.accepts(bytes(message)))
    }

    @Test(
        "refuses what is not JSON at the first byte that cannot stand there",
        arguments: [
            ("{", 1), ("[", 1), ("}", 0), ("]", 0), (",", 0), (":", 0), ("[1,]", 3), ("[,1]", 1),
            ("[1 2]", 3),
            ("[1,,2]", 3), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{,}", 1), ("{1:2}", 1),
            ("{\"a\" 1}", 5), ("{\"a\":1 \"b\":2}", 7), ("[}", 1), ("{]", 1), ("[1}", 2), ("{\"a\":1]", 6),
            ("{\"a\":1,2}", 7), ("{\"a\",\"b\"}", 4), ("[\"a\":1]", 4),
            ("01", 1), ("-", 1), ("+1", 0), (".5", 0), ("1.", 2), ("1.e5", 2), ("1e", 2), ("1e+", 3),
            ("-a", 1),
            ("0x10", 1), ("1.5.5", 3), ("1-2", 1), ("NaN", 0), ("Infinity", 0), ("-Infinity", 1), ("1a", 1),
            ("tru", 3), ("trues", 4), ("True", 0), ("nul", 3), ("nulll", 4), ("fals", 4), ("falsy", 4),
            ("true\"a\"", 4), ("1\"a\"", 1), ("\"a\"\"b\"", 3), ("'a'", 0), ("[\"a", 3), ("\"", 1),
            ("\"\\\"", 3),
            ("[\"\\a\"]", 3), ("[\"\\u12\"]", 3), ("[\"\\u12G4\"]", 3), ("[\"\\", 3), ("\\", 0), ("[\\n]", 1),
            ("[\"a\nb\"]", 3), ("[\"\u{1F}\"]", 2), ("[\"\t\"]", 2), ("[\"\u{0}\"]", 2), ("[1\u{C}]", 2),
            ("[\u{1A}]", 1), ("/**/1", 0), ("#", 0), ("é", 0), ("[1é]", 2),
        ])
    func refuses(_ message: String, _ offset: Int) {
        let refused = refusal(message)
        #expect(refused == .syntax(offset: offset) || refused == .trailingBytes(offset: offset))
        #expect(!ReferenceValidator.accepts(bytes(message)))
    }

    @Test("names what stands behind the top-level value")
    func trailing() {
        #expect(refusal("{} x") == .trailingBytes(offset: 3))
        #expect(refusal("{}{}") == .trailingBytes(offset: 2))
        #expect(refusal("1 2") == .trailingBytes(offset: 2))
        #expect(refusal("[]]") == .trailingBytes(offset: 2))
        #expect(refusal("\"a\"\u{0}") == .trailingBytes(offset: 3))
    }

    @Test(
        "calls a text without a value empty",
        arguments: ["", " ", "\n\t\r ", String(repeating: " ", count: 640)])
    func empty(_ message: String) {
        #expect(refusal(message) == .empty)
    }

    @Test("judges every token the same wherever it falls in a block")
    func everyOffset() {
        let cases = [
            "{\"key\":\"va\\\"lue\",\"n\":-12.5e+3,\"t\":true,\"u\":\"\\u00e9é😀\"}", "[\"\\\\\\\\\\\"\"]",
            "[tru]",
            "[\"\\u12x4\"]", "[\"\\\\\\\"]", "[\"a\u{1}\"]", "[1.25e]", "{\"a\":[1,{\"b\":nulll}]}",
            "\"日本語\"",
            "[\"\\uD834\\uDD1E\"]", "[\"x\\q\"]", "[falsE]", "\"unclosed",
        ]
        for message in cases {
            for shift in 0...130 {
                for tail in [0, 1, 63, 64] {
                    let padded = [UInt8](" ", repeated: shift) + bytes(message) + [UInt8](" ", repeated: tail)
                    expectAgreement(padded)
                }
            }
        }
    }
}
