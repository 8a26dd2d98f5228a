import TestSupport
import Testing
import Wire

@Suite("Views")
struct JSONViewTests {
    private func view(_ text: String) throws -> JSONView { try JSONView(validating: bytes(text)) }

    @Test("read members and elements in place")
    func walk() throws {
        let view = try view(#" {"a" : [1, "two", {"b":null}, [ ], true] , "c\n":{} , "a":2} "#)
        #expect(view.kind == .object && view.count == 3)
        #expect(view.members.map(\.key) == ["a", "c\n", "a"])
        #expect(
            view.members.map { text($0.value.raw) } == [#"[1, "two", {"b":null}, [ ], true]"#, "{}", "2"])
        #expect(view.members.map { text(view.bytes[$0.keyRange.range]) } == [#""a""#, #""c\n""#, #""a""#])
        let list = try #require(view["a"])
        #expect(list.count == 5 && list.kind == .array)
        #expect(list.elements.map(\.kind) == [.number, .string, .object, .array, .bool])
        #expect(list.elements.map { text($0.rawBytes) } == ["1", "\"two\"", "{\"b\":null}", "[ ]", "true"])
        #expect(list.elements.map(\.count) == [0, 0, 1, 0, 0])
        #expect(view.member("c\n")?.kind == .object)
        #expect(view.member("none") == nil && view["none"] == nil && list["a"] == nil)
        #expect(Array(list.members).isEmpty && Array(view.elements).isEmpty)
    }

    @Test("find keys that are written with escapes")
    func escapedKeys() throws {
        let view = try view(#"{"n\u0061me":1,"é\ud83d\ude00":2,"\ud800":3,"long key with \"quotes\"":4}"#)
        #expect(view["name"]?.int == 1)
        #expect(view.member("é😀")?.int == 2)
        #expect(view.member("\u{FFFD}")?.int == 3)
        #expect(view["long key with \"quotes\""]?.int == 4)
        #expect(view.member("nam") == nil && view.member("names") == nil)
    }

    @Test("unescape strings")
    func strings() throws {
        #expect(
            try view(#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00é""#).string
                == "\"\\/\u{8}\u{C}\n\r\tAé€😀é")
        #expect(try view(#""\ud800x""#).string == "\u{FFFD}x")
        #expect(try view(#""\udc00\ud800""#).string == "\u{FFFD}\u{FFFD}")
        #expect(try view(#""\ud800\u0041""#).string == "\u{FFFD}A")
        #expect(try view(#""\u0000""#).string == "\u{0}")
        #expect(try view("\"\"").string == "")
        #expect(try view("1").string == nil)
    }

    @Test("read numbers that fit and pass the others on")
    func numbers() throws {
        #expect(try view("9223372036854775807").int == .max)
        #expect(try view("-9223372036854775808").int == .min)
        #expect(try view("9223372036854775808").int == nil)
        #expect(try view("1.0").int == nil && view("1e3").int == nil && view("\"1\"").int == nil)
        #expect(try view("-1.5e3").double == -1500)
        #expect(try view("1e400").double == .infinity)
        #expect(try view("7").double == 7 && view("null").double == nil)
        let big = "123456789012345678901234567890.00100E+0007"
        #expect(try text(view(big).raw) == big)
    }

    @Test("read literals")
    func literals() throws {
        #expect(try view("true").bool == true && view("false").bool == false && view("null").bool == nil)
        #expect(try view("null").isNull && !view("0").isNull)
        #expect(JSONView([], .none).isNull)
    }

    @Test("refuse what the scanner refuses")
    func refusal() {
        #expect(throws: ScanError.syntax(offset: 1)) { try view("{") }
    }

    @Test("never trap on bytes that were not validated", arguments: [5, 6] as [UInt64])
    func untrusted(seed: UInt64) {
        var generator = RandomJSON(random: SeededGenerator(seed: seed))
        for _ in 0..<2000 {
            let message = generator.mutated(generator.text())
            var pending = [JSONView(message, ByteRange(0..<message.count))]
            var visited = 0
            while let view = pending.popLast(), visited < 500 {
                visited += 1
                _ = (view.string, view.int, view.double, view.bool, view.count, view["id"], view.rawBytes)
                pending += view.elements
                pending += view.members.map(\.value)
            }
        }
    }
}
