import Identifiers
import Sessions
import Testing
import Wire

@Suite("A client's legacy session") struct ClientSessionTests {
    static let initialize = """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",
        "capabilities":{"roots":{"listChanged":true}},"clientInfo":{"name":"c","version":"1"}}}
        """
    static let start = MonotonicTime(nanoseconds: 1000)

    static func session(_ message: String = initialize) throws -> ClientSession {
        let message = try Message(message)
        return ClientSession(
            id: "s", request: try InitializeRequest(message.bytes, message.frame), principal: .anonymous,
            endpoint: "/mcp", now: start)
    }

    @Test("initialize gives the negotiated revision and the client's own words") func opening() throws {
        let session = try Self.session()
        #expect(session.version == .june2025)
        #expect(text(session.identity.capabilities) == #"{"roots":{"listChanged":true}}"#)
        #expect(text(session.identity.info) == #"{"name":"c","version":"1"}"#)
        #expect(session.identity.version == .june2025)
    }

    @Test("an unknown revision is answered with the latest legacy one") func unknownVersion() throws {
        let message =
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2030-01-01"}}"#
        #expect(try Self.session(message).version == .november2025)
    }

    @Test(
        "an initialize without its parameters, or with wrong ones, is refused",
        arguments: [
            #"{"jsonrpc":"2.0","id":0,"method":"initialize"}"#,
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}"#,
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":1}}"#,
            #"""
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"x",\#
            "capabilities":[]}}
            """#,
            #"""
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"x",\#
            "clientInfo":"c"}}
            """#,
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":["2025-06-18"]}"#,
        ])
    func badInitialize(text: String) throws {
        let message = try Message(text)
        let refusal = #expect(throws: Refusal.self) { try InitializeRequest(message.bytes, message.frame) }
        #expect(refusal?.error.code == -32602)
    }

    @Test("before notifications/initialized only ping and logging are answered") func order() throws {
        var session = try Self.session()
        #expect(session.receive(.ping, named: "ping", now: Self.start) == nil)
        let level = try view(#"{"level":"warning"}"#)
        #expect(session.receive(.loggingSetLevel, named: "", params: level, now: Self.start) == nil)
        #expect(session.receive(.toolsList, named: "tools/list", now: Self.start) == .notInitialized)
        #expect(session.receive(.cancelled, named: "notifications/cancelled", now: Self.start) == nil)
        #expect(session.receive(.initialized, named: "", now: Self.start) == nil)
        #expect(session.isInitialized)
        #expect(session.receive(.toolsList, named: "tools/list", now: Self.start) == nil)
    }

    @Test("the log level that the client sets decides which messages it wants") func logLevel() throws {
        var session = try Self.session()
        #expect(session.wants(.debug))
        let level = try view(#"{"level":"error"}"#)
        #expect(session.receive(.loggingSetLevel, named: "", params: level, now: Self.start) == nil)
        #expect(!session.wants(.warning))
        #expect(session.wants(.error))
        #expect(session.wants(.emergency))
        let bad = try view(#"{"level":"loud"}"#)
        #expect(
            session.receive(.loggingSetLevel, named: "", params: bad, now: Self.start)
                == .badParameter("level"))
    }

    @Test("a session is valid only for its principal at its endpoint") func binding() throws {
        let session = try Self.session()
        #expect(session.belongs(to: .anonymous, at: "/mcp"))
        #expect(!session.belongs(to: Principal("eve"), at: "/mcp"))
        #expect(!session.belongs(to: .anonymous, at: "/mcp/git"))
    }

    @Test("activity moves forward only") func activity() throws {
        var session = try Self.session()
        _ = session.receive(.ping, named: "ping", now: MonotonicTime(nanoseconds: 5000))
        _ = session.receive(.ping, named: "ping", now: MonotonicTime(nanoseconds: 2000))
        #expect(session.lastActivity == MonotonicTime(nanoseconds: 5000))
        #expect(session.idleNanoseconds(now: MonotonicTime(nanoseconds: 6000)) == 1000)
    }
}
