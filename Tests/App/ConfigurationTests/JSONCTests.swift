import Foundation
import Testing

@testable import Configuration

@Suite("JSON with comments")
struct JSONCTests {
    private func parse(_ text: String) throws -> JSONCNode { try JSONCParser.parse(Array(text.utf8)) }

    @Test("comments, trailing commas and a byte-order mark are allowed, and every place is right")
    func lenient() throws {
        let text =
            "\u{FEFF}// a\n{ /* { */ \"k\\u0065y\" : [1, \"//\", ], // b\r\n"
            + " \"ö\": {\"x\": null,}, }\n/* end */"
        let bytes = Array(text.utf8)
        let root = try JSONCParser.parse(bytes)
        let members = try #require(root.members)
        #expect(members.map(\.key) == ["key", "ö"])
        #expect(String(decoding: bytes[members[0].keyRange], as: UTF8.self) == "\"k\\u0065y\"")
        #expect(String(decoding: bytes[members[0].value.range], as: UTF8.self) == "[1, \"//\", ]")
        #expect(root["key"]?.elements?.last?.string == "//")
        #expect(String(decoding: bytes[members[1].value.range], as: UTF8.self) == "{\"x\": null,}")
    }

    @Test(
        "anything else that is not JSON is refused at its place",
        arguments: [
            ("", 0), ("{", 1), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{'a': 1}", 1), ("{a: 1}", 1), ("[01]", 1),
            ("[1.]", 1), ("[+1]", 1), ("[.5]", 1), ("\"a\nb\"", 2), ("\"\\x\"", 1), ("\"\\u12\"", 1),
            ("\"abc", 0), ("1 1", 2), ("/* x", 0), ("[,]", 1), ("{\"a\":1,,}", 7), ("nul", 0), ("[1]]", 3),
            ("NaN", 0), ("/", 0), ("{\"a\":}", 5),
        ] as [(String, Int)])
    func strict(_ text: String, _ offset: Int) {
        #expect(performing: { try parse(text) }, throws: { ($0 as? JSONCFault)?.offset == offset })
    }

    @Test("bottomless nesting and bad UTF-8 are refused and never trap")
    func hostile() {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(performing: { try parse(deep) }, throws: { ($0 as? JSONCFault)?.reason == .tooDeep })
        #expect(
            performing: { try JSONCParser.parse([0x22, 0xC3, 0x22]) },
            throws: {
                $0 as? JSONCFault == JSONCFault(reason: .invalidUTF8, offset: 1)
            })
    }

    @Test("surrogate pairs are one character and lone surrogates the replacement character")
    func surrogates() throws {
        #expect(try parse(#""\ud83d\ude00""#).string == "😀")
        #expect(try parse(#""\ud83d\u0041\udc00""#).string == "\u{FFFD}A\u{FFFD}")
    }

    @Test("random documents read as Foundation reads them without the comments", arguments: [99 as UInt64])
    func property(_ seed: UInt64) throws {
        print("seed \(seed)")
        var writer = RandomJSONC(seed: seed)
        for _ in 0..<500 {
            let (plain, commented) = writer.document()
            let ours = try parse(commented)
            let theirs = try JSONSerialization.jsonObject(with: Data(plain.utf8), options: .fragmentsAllowed)
            #expect(
                NSDictionary(dictionary: ["v": Self.object(ours)]) == NSDictionary(dictionary: ["v": theirs]),
                "\(commented)")
        }
    }

    private static func object(_ node: JSONCNode) -> Any {
        switch node.content {
        case .object(let members):
            NSDictionary(
                dictionary: Dictionary(members.map { ($0.key, object($0.value)) }, uniquingKeysWith: { $1 }))
        case .array(let elements): NSArray(array: elements.map(object))
        case .string(let text): text
        case .number(let text): NSNumber(value: Double(text) ?? .nan)
        case .boolean(let value): NSNumber(value: value)
        case .null: NSNull()
        }
    }
}
