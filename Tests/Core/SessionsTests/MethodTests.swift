import Sessions
import Testing

@Suite("Methods") struct MethodTests {
    @Test("every method is found by its name and by nothing else") func names() {
        for method in Method.allCases where method != .other {
            #expect(Method(method.text) == method)
            #expect(Method(method.text + "x") == .other)
            #expect(Method(String(method.text.dropLast())) != method)
            #expect(Method(method.text.uppercased()) == .other)
        }
        #expect(Method("") == .other)
        #expect(Method(String(repeating: "a", count: 500)) == .other)
    }

    @Test("a method written with escapes is the same method") func escapes() throws {
        #expect(try Message(#"{"jsonrpc":"2.0","id":1,"method":"tools\/c\u0061ll"}"#).method == .toolsCall)
        #expect(try Message(#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#).method == .toolsCall)
        #expect(try Message(#"{"jsonrpc":"2.0","id":1,"method":""}"#).method == .other)
        #expect(try Message(#"{"jsonrpc":"2.0","id":1,"result":{}}"#).method == .other)
    }

    @Test("what the modern era took away exists only in the legacy eras")
    func removedMethods() {
        let removed: [Sessions.Method] = [
            .initialize, .ping, .loggingSetLevel, .resourcesSubscribe, .resourcesUnsubscribe, .initialized,
            .rootsListChanged,
        ]
        for method in removed {
            #expect(method.exists(in: .november2025, from: .client))
            #expect(!method.exists(in: .july2026, from: .client))
        }
        for method in [Sessions.Method.samplingCreateMessage, .rootsList, .elicitationCreate] {
            #expect(!method.exists(in: .july2026, from: .server))
            #expect(!method.exists(in: .november2025, from: .client))
        }
    }

    @Test("tasks exist in 2025-11-25 only and elicitation from 2025-06-18 on") func tasks() {
        #expect(
            ProtocolVersion.allCases.filter { Method.tasksGet.exists(in: $0, from: .client) } == [
                .november2025
            ])
        #expect(
            ProtocolVersion.allCases.filter { Method.elicitationCreate.exists(in: $0, from: .server) }
                == [.june2025, .november2025])
        #expect(
            ProtocolVersion.allCases.filter { Method.discover.exists(in: $0, from: .client) } == [.july2026])
    }

    @Test("tool calls are not safe to repeat, reads and lists are") func repeating() {
        #expect(!Method.toolsCall.isSafeToRepeat)
        #expect(!Method.loggingSetLevel.isSafeToRepeat)
        for method in Method.allCases where method.listKey != nil {
            #expect(method.isSafeToRepeat)
            #expect(method.carriesCacheHints)
        }
        #expect(Method.resourcesRead.isSafeToRepeat)
    }

    @Test("notifications are told from requests by their names") func notifications() {
        for method in Method.allCases {
            #expect(method.isNotification == method.text.hasPrefix("notifications/"))
        }
    }
}
