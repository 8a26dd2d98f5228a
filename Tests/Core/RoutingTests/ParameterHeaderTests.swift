import Testing
import Wire

@testable import Routing

struct ParameterHeaderTests {
    private func scan(_ schema: String) throws -> [ParameterHeader] {
        try ParameterHeaderScan.headers(in: json(schema))
    }

    @Test("Annotated properties are found at every depth that properties alone lead to")
    func found() throws {
        let headers = try scan(
            #"""
            {"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},
            "options":{"type":"object","properties":{"dry":{"x-mcp-header":"Dry-Run","type":"boolean"},
            "n":{"type":"integer","x-mcp-header":"N"}}}}}
            """#)
        #expect(
            headers == [
                ParameterHeader(name: "Region", path: ["region"], kind: .string),
                ParameterHeader(name: "Dry-Run", path: ["options", "dry"], kind: .boolean),
                ParameterHeader(name: "N", path: ["options", "n"], kind: .integer),
            ])
    }

    @Test("A property that happens to be called like the annotation, or data that holds one, is none")
    func data() throws {
        #expect(try scan(#"{"properties":{"x-mcp-header":{"type":"number"}}}"#).isEmpty)
        #expect(try scan(#"{"properties":{"a":{"default":{"x-mcp-header":""}}}}"#).isEmpty)
        let data = #"{"type":"string","default":{"x-mcp-header":"A"},"enum":[{"x-mcp-header":"B"}]}"#
        #expect(try scan(#"{"properties":{"a":\#(data)}}"#).isEmpty)
        #expect(try scan("true").isEmpty)
    }

    @Test(
        "An annotation that breaks a rule names the rule",
        arguments: [
            (
                #"{"properties":{"a":{"type":"string","x-mcp-header":""}}}"#,
                ParameterHeaderScan.Fault.nameNotToken
            ),
            (#"{"properties":{"a":{"type":"string","x-mcp-header":"a b"}}}"#, .nameNotToken),
            (#"{"properties":{"a":{"type":"string","x-mcp-header":7}}}"#, .nameNotToken),
            (
                #"{"properties":{"a":{"type":"string","x-mcp-header":"\#(String(repeating: "a", count: 129))"}}}"#,
                .nameNotToken
            ),
            (#"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#, .type),
            (#"{"properties":{"a":{"type":["string"],"x-mcp-header":"A"}}}"#, .type),
            (#"{"properties":{"a":{"type":["string","null"],"x-mcp-header":"A"}}}"#, .type),
            (#"{"properties":{"a":{"x-mcp-header":"A"}}}"#, .type),
            (#"{"type":"string","x-mcp-header":"A"}"#, .unreachable),
            (#"{"x-mcp-header":"A"}"#, .unreachable),
            (#"{"oneOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}"#, .unreachable),
            (#"{"properties":{"a":{"items":{"type":"string","x-mcp-header":"A"}}}}"#, .unreachable),
            (#"{"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}"#, .unreachable),
            (#"{"$defs":{"d":{"type":"string","x-mcp-header":"A"}}}"#, .unreachable),
            (
                #"{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}"#,
                .repeatedName
            ),
        ])
    func faults(_ row: (String, ParameterHeaderScan.Fault)) throws {
        let schema = try json(row.0)
        #expect(throws: row.1) { try ParameterHeaderScan.headers(in: schema) }
    }

    @Test("A schema nested beyond the bound is read to the bound only")
    func deep() throws {
        let open = String(repeating: #"{"properties":{"a":"#, count: 60)
        let close = String(repeating: "}}", count: 60)
        #expect(try scan(open + #"{"type":"string","x-mcp-header":"A"}"# + close).isEmpty)
        let negations = String(repeating: #"{"not":"#, count: 100)
        #expect(try scan(negations + #"{"x-mcp-header":"A"}"# + String(repeating: "}", count: 100)).isEmpty)
    }

    @Test("The names of dropped tools are visible ASCII, short and few")
    func droppedNames() throws {
        let schema = #"{"properties":{"x":{"type":"number","x-mcp-header":"X"}}}"#
        let names = ["a\\u001b[31m\u{202e}b", String(repeating: "n", count: 80)] + (0..<30).map { "t\($0)" }
        let tools = names.map { #"{"name":"\#($0)","inputSchema":\#(schema)}"# }.joined(separator: ",")
        var list = ItemList(.tools)
        _ = try list.append(page: json(#"{"tools":[{"name":3},\#(tools)]}"#), dropsInvalidHeaders: true)
        #expect(list.droppedNames.count == ItemList.maxDroppedNames)
        #expect(
            list.droppedNames.prefix(3) == ["a?[31m?b", String(repeating: "n", count: 64), "t0"])
        #expect(list.dropped == [.noName: 1, .headerType: 32])
    }

    @Test("A tool with a broken annotation is dropped at a server reached by HTTP, and kept elsewhere")
    func dropping() throws {
        let page = try json(
            #"{"tools":[{"name":"a","inputSchema":{"properties":{"x":{"type":"number","x-mcp-header":"X"}}}}]}"#
        )
        var overHTTP = ItemList(.tools)
        _ = try overHTTP.append(page: page, dropsInvalidHeaders: true)
        #expect(overHTTP.items.isEmpty)
        #expect(overHTTP.dropped == [.headerType: 1])
        #expect(overHTTP.droppedNames == ["a"])
        var overPipes = ItemList(.tools)
        _ = try overPipes.append(page: page)
        #expect(overPipes.items.map(\.parameterHeaders) == [[]])
    }
}
