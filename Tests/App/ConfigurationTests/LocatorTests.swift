import TestSupport
import Testing

@testable import Configuration

@Suite("The places of keys and values in TOML")
struct LocatorTests {
    private func place(_ text: String, _ path: TOMLPath.Part...) throws -> (key: String, value: String)? {
        let bytes = Array(text.utf8)
        guard let found = try TOMLLocator.locate(bytes)[TOMLPath(parts: path)] else { return nil }
        return (
            String(decoding: bytes[found.key], as: UTF8.self),
            String(decoding: bytes[found.value], as: UTF8.self)
        )
    }

    @Test("strings of all four kinds, with quotes and brackets inside, end where they end")
    func strings() throws {
        let text = #"""
            a = "x \" # ] \\" # comment
            b = 'c:\' # comment
            c = """
            [no.header]
            no = "key" \""" ""
            """""
            d = '''
            x = 1''''
            "e f"."g\u0041" = 5
            """#
        #expect(try place(text, .key("a"))?.value == #""x \" # ] \\""#)
        #expect(try place(text, .key("b"))?.value == #"'c:\'"#)
        #expect(try place(text, .key("c"))?.value.hasSuffix("\"\"\"\"\"") == true)
        #expect(try place(text, .key("d"))?.value == "'''\nx = 1''''")
        #expect(try place(text, .key("e f"), .key("gA"))?.key == #""g\u0041""#)
        #expect(try place(text, .key("e f"), .key("gA"))?.value == "5")
        #expect(try place(text, .key("no")) == nil)
    }

    @Test("arrays over several lines, inline tables and dates")
    func nested() throws {
        let text = """
            a = [ # one ]
              [1, 2], # two
              { x = "]", y.z = [3] },
            ]
            d = 1979-05-27 07:32:00Z # date
            """
        #expect(try place(text, .key("a"), .index(0), .index(1))?.value == "2")
        #expect(try place(text, .key("a"), .index(1), .key("x"))?.value == "\"]\"")
        #expect(try place(text, .key("a"), .index(1), .key("y"), .key("z"), .index(0))?.value == "3")
        #expect(try place(text, .key("d"))?.value == "1979-05-27 07:32:00Z")
    }

    @Test("tables below an array of tables belong to its last element")
    func arrays() throws {
        let text = "[[a]]\n[a.b]\nx = 1\n[[a]]\n[[a.c]]\n[[a.c]]\ny = 2\n[a.b]\nx = 3\n"
        #expect(try place(text, .key("a"), .index(0), .key("b"), .key("x"))?.value == "1")
        #expect(try place(text, .key("a"), .index(1), .key("c"), .index(1), .key("y"))?.value == "2")
        #expect(try place(text, .key("a"), .index(1), .key("b"), .key("x"))?.value == "3")
    }

    @Test(
        "every key and value that TOMLKit sees is located, in 300 random documents",
        arguments: [20_261_123 as UInt64])
    func property(_ seed: UInt64) throws {
        print("seed \(seed)")
        var writer = RandomTOML(seed: seed)
        for round in 0..<300 {
            let text = writer.document()
            let source = SourceText(file: "random", bytes: Array(text.utf8))
            let document = try TOMLDocument(source)
            let faults = Self.faults(document.root, source)
            #expect(faults.isEmpty, "round \(round): \(faults)\n\(text)")
        }
    }

    @Test("any bytes end without a trap", arguments: [7 as UInt64])
    func noise(_ seed: UInt64) {
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("[]{}=.,\"'\\#\n\r\t ab1-_u0U\u{E9}".utf8) + [0xFF, 0x80]
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            _ = try? TOMLLocator.locate(bytes)
            _ = try? GatewayConfiguration.load(text: bytes, file: "noise", environment: [:])
        }
    }

    @Test("a sound document with damaged bytes ends without a trap", arguments: [11 as UInt64])
    func damage(_ seed: UInt64) {
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var writer = RandomTOML(seed: seed)
        let alphabet = Array("[]{}=.,\"'\\#\n\r\t ab1-_u0U\u{E9}".utf8) + [0xFF, 0x80]
        for _ in 0..<1000 {
            var bytes = Array(writer.document().utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                } else {
                    bytes.removeSubrange(
                        place..<min(bytes.count, place + Int.random(in: 1...5, using: &random)))
                }
            }
            _ = try? GatewayConfiguration.load(text: bytes, file: "damage", environment: [:])
        }
    }

    @Test(
        "a table header without a key is an error and does not end the process",
        arguments: [
            "[", "[[", "[=]", "[#]", "[\n]", "[[ \n", "[\u{E9}]", "[.a]", "[a.]", "[a.=]", "[[]]",
            "[\u{A0}=]",
        ])
    func header(_ text: String) {
        #expect(errors(text).count == 1)
    }

    /// What is wrong with the locations of a table: a key whose text is another, a number or word that
    /// differs.
    private static func faults(_ node: TOMLNode, _ source: SourceText) -> [String] {
        switch node.content {
        case .table(let entries):
            entries.flatMap { entry -> [String] in
                let key = entry.node.location.key
                guard !key.isEmpty else { return ["\(entry.key) has no place"] }
                var cursor = TOMLCursor(bytes: Array(source.bytes[key]))
                let found = (try? cursor.key())?.text
                let inner = Self.faults(entry.node, source)
                return found == entry.key ? inner : inner + ["\(entry.key) is at \(found ?? "nothing")"]
            }
        case .array(let elements):
            elements.flatMap { element in
                element.location.value.isEmpty ? ["an element has no place"] : faults(element, source)
            }
        case .integer(let number):
            text(node, source) == "\(number)" ? [] : ["\(number) is at \(text(node, source))"]
        case .boolean(let value):
            text(node, source) == "\(value)" ? [] : ["\(value) is at \(text(node, source))"]
        case .string(let value):
            ["\"", "'"].contains(text(node, source).prefix(1)) && text(node, source).contains(value.prefix(1))
                ? [] : ["\(value) is at \(text(node, source))"]
        case .number, .date: text(node, source).isEmpty ? ["a number has no place"] : []
        }
    }

    private static func text(_ node: TOMLNode, _ source: SourceText) -> String {
        String(decoding: source.bytes[node.location.value], as: UTF8.self)
    }
}
