import Sessions
import Testing
import Wire

@Suite("Requests on their way to a server") struct RequestBridgeTests {
    static let meta = ModernMeta(identity: .gateway(version: "1"))

    static func rewrite(_ message: String, _ edit: RequestEdit) throws -> String {
        let message = try Message(message)
        return text(RequestBridge.rewrite(message.bytes, message.frame, method: message.method, edit))
    }

    @Test("within one era only what is named changes, byte for byte") func same() throws {
        let message =
            #"""
             { "params" : {"arguments":{"n":1.50,"big":123456789012345678901234567890},\#
            "name":"git__log","_meta":{"progressToken":"t","x":1}}, "method":"tools/call",\#
            "id" : "a" , "jsonrpc":"2.0","extra":[ ] }
            """#
        let edit = RequestEdit(id: raw("17"), name: raw(#""log""#), progressToken: raw("4"))
        #expect(
            try Self.rewrite(message, edit)
                == #"""
                 { "params" : {"arguments":{"n":1.50,"big":123456789012345678901234567890},\#
                "name":"log","_meta":{"progressToken":4,"x":1}}, "method":"tools/call","id" : 17 ,\#
                 "jsonrpc":"2.0","extra":[ ] }
                """#
        )
    }

    @Test("a token, name or cursor that the client did not send is not invented") func nothingInvented()
        throws
    {
        let message = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#
        let edit = RequestEdit(
            id: raw("2"), name: raw(#""x""#), uri: raw(#""x""#), cursor: raw(#""c""#), progressToken: raw("9")
        )
        #expect(try Self.rewrite(message, edit) == #"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#)
    }

    @Test("a completion's prompt and resource references are renamed, its arguments are not")
    func completion() throws {
        let prompt =
            #"""
            {"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{\#
            "type":"ref/prompt","name":"git__p"},"argument":{"name":"git__p","value":"v"}}}
            """#
        #expect(
            try Self.rewrite(prompt, RequestEdit(id: raw("1"), name: raw(#""p""#)))
                == prompt.replacing(#""ref/prompt","name":"git__p""#, with: #""ref/prompt","name":"p""#))
        let resource =
            #"""
            {"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{\#
            "type":"ref/resource","uri":"a://x"},"argument":{"name":"n","value":"v"}}}
            """#
        #expect(
            try Self.rewrite(resource, RequestEdit(id: raw("1"), uri: raw(#""b://x""#)))
                == resource.replacing("a://x", with: "b://x"))
    }

    @Test(
        "to a modern server the required _meta keys are added wherever they have to go",
        arguments: [
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{ "cursor":"c"}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{}}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":null,"cursor":"c"}}"#,
            #"""
            {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"c","_meta":{\#
            "progressToken":1,"traceparent":"x"}}}
            """#,
            #"""
            {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{\#
            "io.modelcontextprotocol/clientInfo":1,"io.modelcontextprotocol/logLevel":"debug"}}}
            """#,
        ])
    func toModern(message: String) throws {
        let rewritten = try Message(
            Self.rewrite(message, RequestEdit(id: raw("5"), crossing: .toModern(Self.meta))))
        #expect(
            ModernRules.refusal(rewritten.bytes, rewritten.frame, method: .toolsList, carrier: .lines) == nil)
        let meta = JSONView(rewritten.bytes, rewritten.frame.paramsMeta)
        #expect(meta.member("io.modelcontextprotocol/clientInfo")?["name"]?.string == "attune")
        #expect(meta.member("io.modelcontextprotocol/logLevel") == nil)
        #expect((meta["traceparent"] == nil) == !message.contains("traceparent"))
        #expect(rewritten.frame.paramsCursor.isEmpty == !message.contains("cursor"))
    }

    @Test("the session's log level is asked for in each request to a modern server") func logLevel() throws {
        let meta = ModernMeta(identity: .gateway(version: "1"), logLevel: .warning)
        let rewritten = try Self.rewrite(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
            RequestEdit(id: raw("1"), crossing: .toModern(meta)))
        #expect(rewritten.contains(#""io.modelcontextprotocol/logLevel":"warning""#))
    }

    @Test("parameters that are no object are left for the server to refuse") func arrayParams() throws {
        let message = #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[1]}"#
        #expect(
            try Self.rewrite(message, RequestEdit(id: raw("1"), crossing: .toModern(Self.meta))) == message)
    }

    @Test("to a legacy server the protocol's own _meta keys go away and the others stay") func toLegacy()
        throws
    {
        let message =
            #"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":{\#
            "io.modelcontextprotocol/protocolVersion":"2026-07-28", "progressToken":"t",\#
            "io.modelcontextprotocol/clientInfo":{},"com.example/x":1 ,\#
            "io.modelcontextprotocol/clientCapabilities":{}},"arguments":{}}}
            """#
        let edit = RequestEdit(id: raw("2"), progressToken: raw("8"), crossing: .toLegacy)
        #expect(
            try Self.rewrite(message, edit)
                == #"""
                {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"a","_meta":{\#
                "progressToken":8,"com.example/x":1},"arguments":{}}}
                """#
        )
    }

    @Test("a _meta that held nothing else goes away whole") func emptyMeta() throws {
        let meta = #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#
        for (before, after) in [
            (#"{"name":"a",\#(meta)}"#, #"{"name":"a"}"#), (#"{\#(meta),"name":"a"}"#, #"{"name":"a"}"#),
            (#"{\#(meta)}"#, "{}"), (#"{"a":1,\#(meta),"b":2}"#, #"{"a":1,"b":2}"#),
        ] {
            let message = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":\#(before)}"#
            #expect(
                try Self.rewrite(message, RequestEdit(id: raw("1"), crossing: .toLegacy))
                    == #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":\#(after)}"#)
        }
    }
}
