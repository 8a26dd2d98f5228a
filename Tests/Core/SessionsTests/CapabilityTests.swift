import Sessions
import Testing

@Suite("Capabilities") struct CapabilityTests {
    @Test("a server offers what its capabilities name as objects") func reading() throws {
        let offered = try ServerCapabilities(
            view(
                #"""
                {"tools":{"listChanged":true},"prompts":true,"resources":{"subscribe":true},\#
                "completions":{},"new":{}}
                """#
            ))
        #expect(offered == [.tools, .toolsListChanged, .resources, .resourcesSubscribe, .completions])
        #expect(try ServerCapabilities(view("[]")) == [])
    }

    @Test("the gateway offers what any of its servers offers") func union() {
        let servers: [ServerCapabilities] = [[.tools], [.prompts, .logging], [.resources, .completions]]
        #expect(
            text(CapabilityUnion.capabilities(of: servers, to: .november2025))
                == #"""
                {"completions":{},"prompts":{"listChanged":true},"resources":{"listChanged":true},\#
                "tools":{"listChanged":true}}
                """#
        )
        #expect(
            text(CapabilityUnion.capabilities(of: servers, to: .november2025, carriesLogging: true))
                .contains(#""logging":{}"#))
    }

    @Test("tools are offered even while no server is up") func noServers() {
        let none: [ServerCapabilities] = []
        #expect(
            text(CapabilityUnion.capabilities(of: none, to: .july2026)) == #"{"tools":{"listChanged":true}}"#)
    }

    @Test("completions are unknown to 2024-11-05, subscriptions are offered only when carried")
    func versions() {
        let servers: [ServerCapabilities] = [[.completions, .resources, .resourcesSubscribe]]
        #expect(!text(CapabilityUnion.capabilities(of: servers, to: .november2024)).contains("completions"))
        #expect(!text(CapabilityUnion.capabilities(of: servers, to: .june2025)).contains("subscribe"))
        #expect(
            text(CapabilityUnion.capabilities(of: servers, to: .june2025, carriesSubscriptions: true))
                .contains(#""resources":{"subscribe":true,"listChanged":true}"#))
    }
}
