import TestSupport
import Testing
import Wire

@Suite("The writer")
struct JSONWriterTests {
    @Test("puts commas and colons where they belong")
    func structure() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("a", "x")
        writer.field("b", -1)
        writer.key("c")
        writer.beginArray()
        writer.beginArray()
        writer.endArray()
        writer.beginObject()
        writer.endObject()
        writer.value(true)
        writer.null()
        writer.value(1.5)
        writer.raw(bytes("1e400"))
        writer.endArray()
        writer.key("d\n" as String)
        writer.value(false)
        writer.field("e", raw: bytes("[1]"))
        writer.field("f", raw: try JSONView(validating: bytes(" {\"x\":1.0} ")))
        writer.field("g", 0.1)
        writer.field("h", false)
        writer.endObject()
        let expected =
            #"{"a":"x","b":-1,"c":[[],{},true,null,1.5,1e400],"d\n":false,"e":[1],"f":{"x":1.0},"g":0.1,"h":false}"#
        #expect(text(writer.bytes) == expected)
        #expect(refusal(writer.bytes) == nil)
    }

    @Test("escapes what must be escaped and nothing else")
    func escapes() throws {
        let plain = "\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F} \"\\/\u{7F}é€😀\u{2028}"
        let quoted = JSONWriter.quoted(plain)
        #expect(text(quoted) == "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\u{7F}é€😀\u{2028}\"")
        #expect(try JSONView(validating: quoted).string == plain)
    }

    @Test(
        "writes numbers that read back the same",
        arguments: [0, -0.0, 1, 1e21, Double.leastNonzeroMagnitude, 1.7976931348623157e308, 0.1])
    func doubles(_ value: Double) throws {
        var writer = JSONWriter()
        writer.value(value)
        #expect(try JSONView(validating: writer.bytes).double == value)
    }

    @Test("writes null for what JSON has no number for", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(_ value: Double) {
        var writer = JSONWriter()
        writer.value(value)
        #expect(text(writer.bytes) == "null")
    }

    @Test("writes every string so that it reads back the same", arguments: [21] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var plain = ""
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let limit: UInt32 = random.pick([0x7F, 0xFFFF, 0x10FFFF])
                plain.unicodeScalars.append(Unicode.Scalar(.random(in: 0...limit, using: &random)) ?? "\"")
            }
            let view = try JSONView(validating: JSONWriter.quoted(plain))
            // Compared by scalars: equal strings may differ in them.
            #expect(
                view.string.map { Array($0.unicodeScalars) } == Array(plain.unicodeScalars), "seed \(seed)")
        }
    }
}
