import Sessions
import Testing

@Suite("Header fields from tool arguments") struct ParameterHeadersTests {
    static let schema = #"""
        {"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},
        "shard":{"type":"integer","x-mcp-header":"Shard"},"dry":{"type":"boolean","x-mcp-header":"Dry-Run"},
        "deep":{"type":"object","properties":{"id":{"type":"string","x-mcp-header":"Deep"}}},
        "x-mcp-header":{"type":"string"}}}
        """#

    static func headers(_ schema: String = schema) throws -> ParameterHeaders {
        try ParameterHeaders(inputSchema: view(schema))
    }

    static func pairs(_ arguments: String?) throws -> [String] {
        try headers().values(arguments: arguments.map { try view($0) }).map { "\($0.name)=\($0.value)" }
    }

    @Test("annotated arguments become fields, nested ones too") func fields() throws {
        #expect(
            try Self.pairs(#"{"region":"eu","shard":42,"dry":false,"deep":{"id":"ä"}}"#)
                == ["Region=eu", "Shard=42", "Dry-Run=false", "Deep=\(HeaderValue.encode("ä"))"])
    }

    @Test("absent and null arguments give no field") func absent() throws {
        #expect(try Self.pairs(#"{"region":null,"deep":7}"#).isEmpty)
        #expect(try Self.pairs(nil).isEmpty)
        #expect(try Self.pairs(#"{"region":{"a":1},"shard":[1]}"#).isEmpty)
    }

    @Test("integral numbers are written as integers") func numbers() throws {
        #expect(try Self.pairs(#"{"shard":42.0}"#) == ["Shard=42"])
        #expect(try Self.pairs(#"{"shard":-7}"#) == ["Shard=-7"])
    }

    @Test(
        "a schema that breaks the rules of annotations is refused",
        arguments: [
            (#"{"x-mcp-header":"A"}"#, HeaderAnnotationError.unreachable),
            (#"{"properties":{"a":{"items":{"type":"string","x-mcp-header":"A"}}}}"#, .unreachable),
            (#"{"oneOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}"#, .unreachable),
            (#"{"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}"#, .unreachable),
            (#"{"properties":{"a":{"type":"string","x-mcp-header":""}}}"#, .notAToken(path: ["a"])),
            (#"{"properties":{"a":{"type":"string","x-mcp-header":"A B"}}}"#, .notAToken(path: ["a"])),
            (#"{"properties":{"a":{"type":"string","x-mcp-header":1}}}"#, .notAToken(path: ["a"])),
            (#"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#, .wrongType(path: ["a"])),
            (#"{"properties":{"a":{"type":["string"],"x-mcp-header":"A"}}}"#, .wrongType(path: ["a"])),
            (
                #"""
                {"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string",\#
                "x-mcp-header":"a"}}}
                """#,
                .duplicate(name: "a")
            ),
        ])
    func violations(schema: String, error: HeaderAnnotationError) {
        #expect(throws: error) { try Self.headers(schema) }
    }

    @Test("data that looks like an annotation is none") func data() throws {
        let schema =
            #"""
            {"properties":{"a":{"type":"string","default":{"x-mcp-header":"A"},"enum":[{\#
            "x-mcp-header":"B"}]}}}
            """#
        #expect(try Self.headers(schema).fields.isEmpty)
        #expect(try Self.headers("true").fields.isEmpty)
    }

    @Test("a schema nested without end is refused") func depth() throws {
        let schema =
            String(repeating: #"{"not":"#, count: 100) + "{}" + String(repeating: "}", count: 100)
        #expect(throws: HeaderAnnotationError.tooComplex) { try Self.headers(schema) }
    }

    static func refusal(_ sent: [(name: String, value: String)], _ arguments: String) throws -> Refusal? {
        try headers().refusal(sent: sent, arguments: view(arguments))
    }

    @Test("sent fields must agree with the arguments, whatever the case of their names") func agreement()
        throws
    {
        #expect(try Self.refusal([(name: "REGION", value: "eu")], #"{"region":"eu"}"#) == nil)
        #expect(try Self.refusal([(name: "shard", value: "42.0")], #"{"shard":42}"#) == nil)
        #expect(try Self.refusal([(name: "Region", value: "=?base64?ZXU=?=")], #"{"region":"eu"}"#) == nil)
        #expect(try Self.refusal([], "{}") == nil)
        #expect(try Self.refusal([(name: "Unknown", value: "x")], "{}") == nil)
    }

    @Test("a field that differs, is missing, is too many or stands alone is -32020") func disagreement()
        throws
    {
        let cases: [([(name: String, value: String)], String)] = [
            ([(name: "Region", value: "us")], #"{"region":"eu"}"#), ([], #"{"region":"eu"}"#),
            ([(name: "Region", value: "eu")], "{}"),
            ([(name: "Region", value: "eu"), (name: "region", value: "eu")], #"{"region":"eu"}"#),
            ([(name: "Shard", value: "42.5")], #"{"shard":42}"#),
            ([(name: "Region", value: "EU")], #"{"region":"eu"}"#),
        ]
        for (sent, arguments) in cases {
            let refusal = try Self.refusal(sent, arguments)
            #expect(refusal?.error.code == -32020)
            #expect(refusal?.httpStatus == 400)
        }
    }
}
