import Sessions
import Testing

@Suite("Header fields from tool arguments") struct ParameterHeadersTests {
    static func headers() -> ParameterHeaders {
        ParameterHeaders([
            ParameterHeaders.Field(name: "Region", path: ["region"], isInteger: false),
            ParameterHeaders.Field(name: "Shard", path: ["shard"], isInteger: true),
            ParameterHeaders.Field(name: "Dry-Run", path: ["dry"], isInteger: false),
            ParameterHeaders.Field(name: "Deep", path: ["deep", "id"], isInteger: false),
        ])
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

    @Test("fields that the tool does not know go along, those it knows are made anew") func others() throws {
        let sent = [(name: "Trace", value: "t"), (name: "REGION", value: "us")]
        let values = Self.headers().values(arguments: try view(#"{"region":"eu"}"#), beside: sent)
        #expect(values.map { "\($0.name)=\($0.value)" } == ["Region=eu", "Trace=t"])
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
