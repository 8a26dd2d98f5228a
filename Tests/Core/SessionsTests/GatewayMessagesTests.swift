import Sessions
import Testing
import Wire

@Suite("What the gateway says itself") struct GatewayMessagesTests {
    static let meta = ModernMeta(identity: .gateway(version: "1"))

    @Test("requests to a modern server carry what it requires, those to a legacy one nothing") func requests()
        throws
    {
        let modern = try Message(
            text(GatewayMessages.request(id: 4, .toolsList, cursor: raw(#""c""#), meta: Self.meta)))
        #expect(ModernRules.refusal(modern.bytes, modern.frame, method: .toolsList, carrier: .lines) == nil)
        #expect(!modern.frame.paramsCursor.isEmpty)
        #expect(
            text(GatewayMessages.request(id: 4, .toolsList, meta: nil))
                == #"{"jsonrpc":"2.0","id":4,"method":"tools/list"}"#)
    }

    @Test("a listen request names its filter, and reading it gives the filter back") func listen() throws {
        var filter = SubscriptionFilter()
        filter.toolsListChanged = true
        filter.resources = ["file:///a", "b://\"quoted\""]
        let message = try Message(text(GatewayMessages.listen(id: 9, filter, meta: Self.meta)))
        #expect(message.method == .listen)
        #expect(try SubscriptionFilter(params: JSONView(message.bytes, message.frame.params)) == filter)
        #expect(filter.wants(.resourceUpdated, uri: "file:///a"))
        #expect(!filter.wants(.resourceUpdated, uri: "file:///b"))
        #expect(!filter.wants(.promptsListChanged))
    }

    @Test("a filter that is missing, of the wrong type or too long is refused") func badFilters() throws {
        let many = Array(repeating: "\"a://b\"", count: 2000).joined(separator: ",")
        for params in [
            "{}", #"{"notifications":[]}"#, #"{"notifications":{"resourceSubscriptions":"x"}}"#,
            #"{"notifications":{"resourceSubscriptions":[1]}}"#,
            #"{"notifications":{"resourceSubscriptions":[\#(many)]}}"#,
        ] {
            #expect(throws: Refusal.self) { try SubscriptionFilter(params: view(params)) }
        }
    }

    @Test("notifications are messages of their method") func notifications() throws {
        let id = raw("3")
        #expect(
            try Message(text(GatewayMessages.cancelled(requestID: id, reason: "late"))).method == .cancelled)
        #expect(
            text(GatewayMessages.listChanged(.toolsListChanged))
                == #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
        #expect(
            text(GatewayMessages.listChanged(.promptsListChanged, subscriptionID: id))
                == #"""
                {"jsonrpc":"2.0","method":"notifications/prompts/list_changed","params":{"_meta":{\#
                "io.modelcontextprotocol/subscriptionId":3}}}
                """#
        )
        #expect(
            try Message(text(GatewayMessages.resourceUpdated(uri: raw(#""u""#)))).method == .resourceUpdated)
        let acknowledged = try Message(
            text(GatewayMessages.acknowledged(SubscriptionFilter(), subscriptionID: id)))
        #expect(acknowledged.method == .subscriptionsAcknowledged)
        #expect(acknowledged.frame.kind == .notification)
        #expect(text(GatewayMessages.setLevel(id: 1, .alert)).contains(#""params":{"level":"alert"}"#))
    }

    @Test("a discover result of the gateway opens a session with it") func discover() throws {
        let offer = GatewayResults.Offer(
            capabilities: raw(#"{"tools":{}}"#), serverInfo: raw(#"{"name":"attune","version":"1"}"#),
            instructions: raw(#""Be kind.""#))
        let result = GatewayResults.discover(offer, CacheHints(ttlMilliseconds: 1000, scope: .private))
        let facts = try ServerFacts(discoverResult: view(text(result)))
        #expect(facts.version == .july2026)
        #expect(facts.supportedVersions == ProtocolVersion.allText)
        #expect(facts.instructions == raw(#""Be kind.""#))
        #expect(facts.nameAndVersion?.name == "attune")
    }

    @Test("a legacy client is told of a modern server in its own words") func modernServer() throws {
        let facts = try ServerFacts(
            discoverResult: view(
                #"""
                {"supportedVersions":["2026-07-28"],"capabilities":{"extensions":{"x/y":{}},\#
                "tools":{"listChanged":true},"logging":{},"resources":{"subscribe":true,\#
                "listChanged":true}}}
                """#
            ))
        let offer = GatewayResults.Offer(facts, to: .june2025, name: "git", carriesSubscriptions: false)
        let result = try view(text(GatewayResults.initialize(.june2025, offer)))
        let read = try ServerFacts(initializeResult: result, sessionID: nil)
        #expect(
            text(read.capabilities)
                == #"{"tools":{"listChanged":true},"logging":{},"resources":{"listChanged":true}}"#)
        #expect(read.nameAndVersion?.name == "git")
        #expect(read.version == .june2025)
    }

    @Test("a modern client is told of a legacy server in its own words") func legacyServer() throws {
        let capabilities = #"{"tasks":{"list":{}},"prompts":{},"experimental":{"a":{}}}"#
        let facts = try ServerFacts(
            initializeResult: view(
                #"""
                {"protocolVersion":"2025-11-25","capabilities":\#(capabilities),"serverInfo":{\#
                "name":"l","version":"3"}}
                """#
            ), sessionID: nil)
        let offer = GatewayResults.Offer(facts, to: .july2026, name: "x", carriesSubscriptions: true)
        #expect(text(offer.capabilities) == #"{"prompts":{},"experimental":{"a":{}}}"#)
        let same = GatewayResults.Offer(facts, to: .june2025, name: "x", carriesSubscriptions: false)
        #expect(text(same.capabilities) == capabilities)
    }

    @Test("a page of a list has the members of its era") func list() throws {
        let hints = CacheHints(ttlMilliseconds: 7, scope: .public)
        let modern = GatewayResults.list(
            .resourceTemplatesList, items: raw("[]"), nextCursor: raw(#""n""#), to: .modern, hints,
            serverInfo: raw("{}"))
        #expect(
            text(modern)
                == #"""
                {"resultType":"complete","resourceTemplates":[],"nextCursor":"n","ttlMs":7,\#
                "cacheScope":"public","_meta":{"io.modelcontextprotocol/serverInfo":{}}}
                """#
        )
        let legacy = GatewayResults.list(
            .toolsList, items: raw("[1]"), nextCursor: nil, to: .legacy, hints, serverInfo: raw("{}"))
        #expect(text(legacy) == #"{"tools":[1]}"#)
        #expect(text(GatewayResults.empty(to: .legacy)) == "{}")
        #expect(text(GatewayResults.empty(to: .modern)) == #"{"resultType":"complete"}"#)
    }
}
