import Sessions
import TestSupport
import Testing

@Suite("Header values") struct HeaderValueTests {
    @Test("plain text passes as it is", arguments: ["git__log", "file:///a b", "", "=?base64?", "100%"])
    func plain(value: String) {
        #expect(HeaderValue.encode(value) == value)
        #expect(HeaderValue.decode(value) == value)
    }

    @Test(
        "what a field could not carry goes in base64",
        arguments: [
            ("wetter-ä", "=?base64?d2V0dGVyLcOk?="), (" a", "=?base64?IGE=?="), ("a ", "=?base64?YSA=?="),
            ("a\nb", "=?base64?YQpi?="), ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
        ])
    func encoded(value: String, field: String) {
        #expect(HeaderValue.encode(value) == field)
        #expect(HeaderValue.decode(field) == value)
    }

    @Test(
        "base64 that no encoder writes, and what only base64 may carry, is refused",
        arguments: [
            "=?base64?YSB?=", "=?base64?YR==?=", "=?base64?Y===?=", "=?base64?Y*==?=", "=?base64?=YSA?=",
            "=?base64?/w==?=", "=?base64?YSA=YSA=?=", "=?base64? ?=", "wetter-ä", "a\u{7F}", "a\u{1}b",
        ])
    func malformed(field: String) {
        #expect(HeaderValue.decode(field) == nil)
    }

    @Test("the markers are compared with case") func markers() {
        #expect(HeaderValue.decode("=?BASE64?YSA=?=") == "=?BASE64?YSA=?=")
        #expect(HeaderValue.decode("=?base64??=")?.isEmpty == true)
    }

    @Test("every text survives the way through a field", arguments: 0..<100 as Range<UInt64>)
    func roundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let scalars = (0..<Int.random(in: 0..<40, using: &random)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &random))
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        let field = HeaderValue.encode(text)
        #expect(field.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "seed \(seed)")
        #expect(HeaderValue.decode(field)?.unicodeScalars.elementsEqual(scalars) == true, "seed \(seed)")
    }
}
