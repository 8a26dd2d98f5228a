import Sessions
import Testing

@Suite("Era of a client's message") struct EraDecisionTests {
    static func era(_ message: String, _ header: String?) throws -> Era {
        let message = try Message(message)
        return EraDecision.era(of: message.frame, method: message.method, versionHeader: header)
    }

    static let plain = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#
    static let modern =
        #"""
        {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{\#
        "io.modelcontextprotocol/protocolVersion":"x"}}}
        """#

    @Test("a request with the modern _meta is modern, whatever the header says") func meta() throws {
        #expect(try Self.era(Self.modern, nil) == .modern)
        #expect(try Self.era(Self.modern, "2025-06-18") == .modern)
    }

    @Test("a header of 2026-07-28 or later is modern, any other is legacy") func header() throws {
        #expect(try Self.era(Self.plain, "2026-07-28") == .modern)
        #expect(try Self.era(Self.plain, "2029-01-01") == .modern)
        #expect(try Self.era(Self.plain, "2025-11-25") == .legacy)
        #expect(try Self.era(Self.plain, "nonsense") == .legacy)
        #expect(try Self.era(Self.plain, nil) == .legacy)
    }

    @Test("initialize is legacy but for the modern _meta, discover and listen are always modern")
    func methods() throws {
        let initialize = Self.modern.replacing("tools/list", with: "initialize")
        #expect(try Self.era(initialize, "2026-07-28") == .modern)
        #expect(try Self.era(#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#, "2026-07-28") == .legacy)
        #expect(try Self.era(#"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#, nil) == .modern)
        #expect(
            try Self.era(#"{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}"#, "2025-03-26")
                == .modern)
    }
}
