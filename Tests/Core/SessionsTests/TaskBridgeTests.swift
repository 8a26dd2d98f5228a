import Sessions
import Testing
import Wire

@Suite("Tasks") struct TaskBridgeTests {
    static func exposing(_ message: String) throws -> String {
        let message = try Message(message)
        return text(TaskBridge.exposing(message.bytes, message.frame) { "x-\($0)" })
    }

    @Test(
        "ids of tasks are exchanged wherever they stand, and nothing else changes",
        arguments: [
            (
                #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"task", "taskId":"a","ttlMs":1.0}}"#,
                #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"task", "taskId":"x-a","ttlMs":1.0}}"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"result":{"task":{"status":"working","taskId":"a"}}}"#,
                #"{"jsonrpc":"2.0","id":1,"result":{"task":{"status":"working","taskId":"x-a"}}}"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"result":{"tasks":[{"taskId":"a"},{"taskId":"b"}]}}"#,
                #"{"jsonrpc":"2.0","id":1,"result":{"tasks":[{"taskId":"x-a"},{"taskId":"x-b"}]}}"#
            ),
            (
                #"""
                {"jsonrpc":"2.0","id":1,"result":{"content":[{"taskId":"a"}],"_meta":{\#
                "io.modelcontextprotocol/related-task":{"taskId":"a"}}}}
                """#,
                #"""
                {"jsonrpc":"2.0","id":1,"result":{"content":[{"taskId":"a"}],"_meta":{\#
                "io.modelcontextprotocol/related-task":{"taskId":"x-a"}}}}
                """#
            ),
            (
                #"{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"a\u0062"}}"#,
                #"{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"x-ab"}}"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"result":{"taskId":7,"task":"a","tasks":{}}}"#,
                #"{"jsonrpc":"2.0","id":1,"result":{"taskId":7,"task":"a","tasks":{}}}"#
            ),
        ])
    func exposed(message: String, expected: String) throws {
        #expect(try Self.exposing(message) == expected)
    }

    @Test("a request is turned to another task") func request() throws {
        let message = try Message(
            #"{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"t","x":1}}"#)
        #expect(TaskBridge.taskID(message.bytes, message.frame) == "t")
        #expect(
            text(TaskBridge.request(message.bytes, message.frame, taskID: "a\"b"))
                == #"{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"a\"b","x":1}}"#)
    }

    @Test("the extension is declared request by request") func declared() throws {
        let plain = try Message(ModernRulesTests.call())
        #expect(!TaskBridge.isDeclared(plain.bytes, plain.frame))
        let declaring = try Message(
            ModernRulesTests.call().replacing(
                "clientCapabilities\":{}",
                with: #"clientCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}"#))
        #expect(TaskBridge.isDeclared(declaring.bytes, declaring.frame))
    }

    @Test("a result that is a task reaches only modern clients that declared it, and only of a call")
    func results() throws {
        let answer = try Message(
            #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"task","taskId":"a","status":"working"}}"#)
        func outcome(_ client: Era, _ method: Sessions.Method, _ allows: Bool) -> ResultBridge.Outcome {
            ResultBridge.bridge(
                answer.bytes, answer.frame,
                ResultContext(
                    id: raw("1"), method: method, client: client, server: .modern,
                    allowsExtensionResults: true, allowsTasks: allows))
        }
        #expect(outcome(.modern, .toolsCall, true) == .answer(answer.bytes))
        for (client, method, allows) in [
            (Era.modern, Sessions.Method.toolsCall, false), (.modern, .promptsGet, true),
            (.legacy, .toolsCall, true),
        ] {
            #expect(outcome(client, method, allows) == .violation(.unknownResultType))
        }
    }

    @Test("each kind of tasks is offered to clients of its own revision") func offered() throws {
        let legacy = ServerCapabilities(
            try view(#"{"tasks":{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}}}"#))
        let modern = ServerCapabilities(
            try view(#"{"extensions":{"io.modelcontextprotocol/tasks":{}}}"#))
        func union(_ version: ProtocolVersion) throws -> JSONView {
            try JSONView(
                validating: CapabilityUnion.capabilities(of: [legacy, modern], to: version))
        }
        #expect(try union(.november2025)["tasks"]?["requests"]?["tools"]?["call"]?.kind == .object)
        #expect(try union(.november2025)["tasks"]?["list"] != nil)
        #expect(try union(.november2025)["extensions"] == nil)
        #expect(try union(.june2025)["tasks"] == nil)
        #expect(try union(.july2026)["tasks"] == nil)
        #expect(try union(.july2026)["extensions"]?.member("io.modelcontextprotocol/tasks") != nil)
    }

    @Test("a legacy server is not asked for a task in a modern client's name") func augmented() throws {
        let message = try Message(ModernRulesTests.call(#""name":"a","task":{"ttl":1},"#))
        let edit = RequestEdit(id: raw("2"), crossing: .toLegacy)
        let sent = text(RequestBridge.rewrite(message.bytes, message.frame, method: message.method, edit))
        #expect(sent == #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"a"}}"#)
    }
}
