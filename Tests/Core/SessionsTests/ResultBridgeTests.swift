import Sessions
import Testing
import Wire

@Suite("Answers on their way to a client") struct ResultBridgeTests {
    static let info = raw(#"{"name":"s","version":"1"}"#)

    static func bridge(
        _ answer: String, _ method: Sessions.Method = .toolsCall, from server: Era, to client: Era,
        extensions: Bool = false
    ) throws -> ResultBridge.Outcome {
        let message = try Message(answer)
        let context = ResultContext(
            id: raw(#""c-1""#), method: method, client: client, server: server, serverInfo: info,
            cacheHints: CacheHints(ttlMilliseconds: 500, scope: .private), allowsExtensionResults: extensions)
        return ResultBridge.bridge(message.bytes, message.frame, context)
    }

    static func answered(
        _ answer: String, _ method: Sessions.Method = .toolsCall, from server: Era, to client: Era
    ) throws -> String? {
        guard case .answer(let bytes) = try bridge(answer, method, from: server, to: client) else {
            return nil
        }
        return text(bytes)
    }

    @Test("within one era only the id changes", arguments: [Era.legacy, .modern])
    func same(era: Era) throws {
        let answer =
            #"""
             {"result" : {"content":[ ],"n":1e400,"resultType":"complete"},"id" :42,"jsonrpc":"2.0",\#
             "x":0}
            """#
        #expect(
            try Self.answered(answer, from: era, to: era) == answer.replacing(":42", with: #":"c-1""#))
    }

    @Test("a legacy client does not see what only the modern era has") func toLegacy() throws {
        let answer =
            #"""
            {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","tools":[],"ttlMs":5,\#
            "nextCursor":"n","cacheScope":"public","_meta":{"io.modelcontextprotocol/serverInfo":{},\#
            "x":1}}}
            """#
        #expect(
            try Self.answered(answer, .toolsList, from: .modern, to: .legacy)
                == #"{"jsonrpc":"2.0","id":"c-1","result":{"tools":[],"nextCursor":"n","_meta":{"x":1}}}"#)
    }

    @Test("a tool's own members named like cache hints stay") func ownMembers() throws {
        let answer = #"{"jsonrpc":"2.0","id":1,"result":{"ttlMs":5,"content":[],"resultType":"complete"}}"#
        #expect(
            try Self.answered(answer, from: .modern, to: .legacy)
                == #"{"jsonrpc":"2.0","id":"c-1","result":{"ttlMs":5,"content":[]}}"#)
    }

    @Test("a legacy client gets structured content only if it is an object") func structured() throws {
        for (value, stays) in [(#"{"a":1}"#, true), ("[1]", false), ("3", false), ("null", false)] {
            let answer =
                #"""
                {"jsonrpc":"2.0","id":1,"result":{"content":[],"structuredContent":\#(value),\#
                "resultType":"complete"}}
                """#
            let bridged = try #require(try Self.answered(answer, from: .modern, to: .legacy))
            #expect(bridged.contains("structuredContent") == stays)
        }
    }

    @Test("a legacy client sees only output schemas of objects") func outputSchemas() throws {
        let answer = #"""
            {"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a","outputSchema":{"type":"array"}},\#
            {"name":"b","outputSchema":{"type":"object"}},{"outputSchema":true,"name":"c"}],\#
            "resultType":"complete"}}
            """#
        #expect(
            try Self.answered(answer, .toolsList, from: .modern, to: .legacy) == #"""
                {"jsonrpc":"2.0","id":"c-1","result":{"tools":[{"name":"a"},\#
                {"name":"b","outputSchema":{"type":"object"}},{"name":"c"}]}}
                """#)
        let tool = raw(#"{"name":"a","outputSchema":{"anyOf":[]}}"#)
        #expect(text(ToolBridge.definition(tool, from: .modern, to: .legacy)) == #"{"name":"a"}"#)
        #expect(ToolBridge.definition(tool, from: .modern, to: .modern) == tool)
    }

    @Test("a modern client gets resultType, serverInfo and, for lists and reads, cache hints") func toModern()
        throws
    {
        let call = #"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#
        #expect(
            try Self.answered(call, from: .legacy, to: .modern)
                == #"""
                {"jsonrpc":"2.0","id":"c-1","result":{"resultType":"complete","_meta":{\#
                "io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}},"content":[]}}
                """#
        )
        let list = #"{"jsonrpc":"2.0","id":1,"result":{}}"#
        #expect(
            try Self.answered(list, .toolsList, from: .legacy, to: .modern)
                == #"""
                {"jsonrpc":"2.0","id":"c-1","result":{"resultType":"complete","ttlMs":500,\#
                "cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s",\#
                "version":"1"}}}}
                """#
        )
    }

    @Test("what a legacy server says already is not said twice") func notTwice() throws {
        let answer =
            #"""
            {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","ttlMs":1,\#
            "cacheScope":"public","tools":[],"_meta":{"io.modelcontextprotocol/serverInfo":{\#
            "name":"x"}}}}
            """#
        #expect(
            try Self.answered(answer, .toolsList, from: .legacy, to: .modern)
                == answer.replacing(#""id":1"#, with: #""id":"c-1""#))
    }

    @Test("serverInfo joins the _meta that is there") func joinsMeta() throws {
        let answer = #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","_meta":{"a":1}}}"#
        #expect(
            try Self.answered(answer, from: .legacy, to: .modern)?.contains(
                #""_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"},"a":1}"#) == true)
    }

    @Test("a request for input passes to a modern client and is reported for a legacy one") func input()
        throws
    {
        let answer = #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","requestState":"s"}}"#
        #expect(try Self.answered(answer, from: .modern, to: .modern) != nil)
        #expect(try Self.bridge(answer, from: .modern, to: .legacy) == .inputRequired)
        #expect(
            try Self.bridge(answer, .toolsList, from: .modern, to: .modern)
                == .violation(.unexpectedInputRequest))
    }

    @Test("an unknown resultType breaks the protocol unless an extension was agreed on") func extensions()
        throws
    {
        let answer = #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"other","x":"t"}}"#
        #expect(try Self.bridge(answer, from: .modern, to: .modern) == .violation(.unknownResultType))
        #expect(
            try Self.bridge(answer, from: .modern, to: .modern, extensions: true)
                != .violation(.unknownResultType))
        #expect(
            try Self.bridge(answer, from: .modern, to: .legacy, extensions: true)
                == .violation(.unknownResultType))
        let number = #"{"jsonrpc":"2.0","id":1,"result":{"resultType":1}}"#
        #expect(try Self.bridge(number, from: .modern, to: .modern) == .violation(.unknownResultType))
    }

    @Test("errors pass unwrapped") func errors() throws {
        let answer = #"{"jsonrpc":"2.0","id":1,"error":{"code":-31999,"message":"m","data":{"deep":[1.0]}}}"#
        for (server, client) in [(Era.legacy, Era.legacy), (.legacy, .modern), (.modern, .legacy)] {
            #expect(
                try Self.answered(answer, from: server, to: client)
                    == answer.replacing(#""id":1"#, with: #""id":"c-1""#))
        }
    }

    @Test("a resource that is not there has another code in the modern era") func notFound() throws {
        let answer = #"{"jsonrpc":"2.0","id":1,"error":{"message":"m","code":-32002}}"#
        #expect(
            try Self.answered(answer, .resourcesRead, from: .legacy, to: .modern)
                == #"{"jsonrpc":"2.0","id":"c-1","error":{"message":"m","code":-32602}}"#)
        #expect(
            try Self.answered(answer, .resourcesRead, from: .legacy, to: .legacy)?.contains("-32002") == true)
    }

    @Test("an error without an id gets the request's") func errorWithoutID() throws {
        #expect(
            try Self.answered(
                #"{"jsonrpc":"2.0","error":{"code":-1,"message":""}}"#, from: .legacy, to: .legacy)
                == #"{"id":"c-1","jsonrpc":"2.0","error":{"code":-1,"message":""}}"#)
    }

    @Test("what is no answer breaks the protocol") func violations() throws {
        let cases: [(String, ProtocolViolation)] = [
            (#"{"jsonrpc":"2.0","id":1,"result":[]}"#, .resultIsNoObject),
            (#"{"jsonrpc":"2.0","id":1,"result":3}"#, .resultIsNoObject),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, .notAnAnswer), ("[]", .notAnAnswer),
            ("{}", .notAMessage), (#"{"jsonrpc":"2.0","id":1,"error":{"message":"m"}}"#, .errorWithoutCode),
        ]
        for (answer, violation) in cases {
            #expect(try Self.bridge(answer, from: .modern, to: .legacy) == .violation(violation))
        }
    }
}
