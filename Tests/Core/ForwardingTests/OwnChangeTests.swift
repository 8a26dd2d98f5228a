import Testing

@testable import Forwarding

/// Changes that a legacy server announces only in the session or process that serves a modern principal.
@Suite struct OwnChangeTests {
    private static let changed = "notifications/tools/list_changed"
    private static var sampling: JSONObject {
        ["io.modelcontextprotocol/clientCapabilities": ["sampling": [:] as JSONObject]]
    }

    private func rig(
        _ transport: ServerPlan.Transport, seed: UInt64 = 3, isDeclared: Bool = true
    ) -> (Rig, ScriptedServer) {
        let server = ScriptedServer("s", .legacy, transport)
        server.tools = ["grow", "echo"]
        server.declaresChanges = isDeclared
        let access = AccessPlan(authenticator: NamedKeys())
        return (Rig([server], loops: 3, seed: seed, access: access).started(), server)
    }

    private func listen(
        _ rig: Rig, _ id: String, _ key: String, at path: String, kinds: [String] = ["toolsListChanged"],
        loop: Int = 0
    ) -> ClientExchange {
        let filter = Dictionary(uniqueKeysWithValues: kinds.map { ($0, true) })
        return rig.modern(
            "subscriptions/listen", ["notifications": filter], at: path, id: id, loop: loop, key: key)
    }

    private func call(_ rig: Rig, _ tool: String, _ key: String, at path: String, meta: JSONObject = [:])
        -> String?
    {
        let exchange = rig.modern("tools/call", ["name": tool], at: path, loop: 1, meta: meta, key: key)
        rig.world.run { exchange.isOver }
        let content = exchange.response?.result?["content"] as? [JSONObject]
        return content?.first?["text"] as? String
    }

    private func tools(_ rig: Rig, _ key: String, at path: String) -> [String] {
        let exchange = rig.modern("tools/list", at: path, loop: 2, key: key)
        rig.world.run { exchange.isOver }
        let tools = exchange.response?.result?["tools"] as? [JSONObject] ?? []
        return tools.compactMap { $0["name"] as? String }
    }

    private func changes(_ exchange: ClientExchange) -> Int {
        exchange.events.count { $0.method == Self.changed }
    }

    @Test(
        "Every listener of the principal hears of it, tagged and once; other principals hear nothing",
        arguments: [ServerPlan.Transport.process, .http], [true, false])
    func principals(_ transport: ServerPlan.Transport, _ isDeclared: Bool) {
        let (rig, _) = rig(transport, isDeclared: isDeclared)
        let own = [
            listen(rig, "one", "ann", at: "/mcp/s"), listen(rig, "two", "ann", at: "/mcp/s", loop: 2),
            listen(rig, "all", "ann", at: "/mcp", loop: 1),
        ]
        let others = [
            listen(rig, "bob", "bob", at: "/mcp/s"), listen(rig, "bobs", "bob", at: "/mcp", loop: 1),
            listen(rig, "prompts", "ann", at: "/mcp/s", kinds: ["promptsListChanged"]),
        ]
        rig.world.run(milliseconds: 500)
        #expect(call(rig, "echo", "bob", at: "/mcp/s") == "s: ")
        #expect(call(rig, "grow", "ann", at: "/mcp/s") == "grew")
        rig.world.run(milliseconds: 3_000)
        #expect(own.map(changes) == [1, 1, 1])
        #expect(others.map(changes) == [0, 0, 0])
        for (stream, id) in zip(own, ["one", "two", "all"]) {
            let tags = stream.events.map {
                $0[path: "params", "_meta", "io.modelcontextprotocol/subscriptionId"] as? String
            }
            #expect(tags == [id, id])
        }
        #expect(tools(rig, "ann", at: "/mcp/s") == ["grow", "echo", "grown"])
        #expect(tools(rig, "bob", at: "/mcp/s") == ["grow", "echo"])
        #expect(call(rig, "grown", "ann", at: "/mcp/s") == "grown")
        #expect(rig.shutDown() == [])
    }

    @Test(
        "It is heard whichever of the principal's sessions it happened in",
        arguments: [ServerPlan.Transport.process, .http])
    func capabilities(_ transport: ServerPlan.Transport) {
        let (rig, _) = rig(transport)
        let listener = listen(rig, "one", "ann", at: "/mcp/s")
        rig.world.run(milliseconds: 500)
        #expect(call(rig, "echo", "ann", at: "/mcp/s", meta: Self.sampling) == "s: ")
        rig.world.run(milliseconds: 100)
        #expect(call(rig, "grow", "ann", at: "/mcp/s", meta: Self.sampling) == "grew")
        rig.world.run(milliseconds: 3_000)
        #expect(changes(listener) == 1)
        #expect(call(rig, "grow", "ann", at: "/mcp/s") == "grew")
        rig.world.run(milliseconds: 3_000)
        #expect(changes(listener) == 2)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "What changed for everyone is told once to whom it was announced, and to others by the gateway",
        arguments: [ServerPlan.Transport.process, .http], 0..<5 as Range<UInt64>)
    func shared(_ transport: ServerPlan.Transport, _ seed: UInt64) {
        let (rig, server) = rig(transport, seed: seed)
        server.growsForAll = true
        let own = listen(rig, "one", "ann", at: "/mcp/s")
        let other = listen(rig, "two", "bob", at: "/mcp/s")
        rig.world.run(milliseconds: 500)
        for count in 1...3 {
            #expect(call(rig, "grow", "ann", at: "/mcp/s") == "grew", "seed \(seed)")
            rig.world.run(milliseconds: 1_500)
            #expect([changes(own), changes(other)] == [count, count], "seed \(seed)")
        }
        #expect(rig.shutDown() == [])
    }

    @Test("A session's stream is kept open while a client of the principal listens, and no longer")
    func streams() {
        let (rig, server) = rig(.http)
        let before = server.streams.count
        #expect(call(rig, "echo", "ann", at: "/mcp/s") == "s: ")
        rig.world.run(milliseconds: 500)
        #expect(server.streams.count == before)
        let first = listen(rig, "one", "ann", at: "/mcp/s")
        let second = listen(rig, "two", "ann", at: "/mcp", loop: 1)
        rig.world.run(milliseconds: 500)
        #expect(server.streams.count == before + 1)
        rig.leave(first)
        rig.world.run(milliseconds: 500)
        #expect(server.streams.count == before + 1)
        rig.leave(second)
        rig.world.run(milliseconds: 500)
        #expect(server.streams.count == before)
        #expect(rig.shutDown() == [])
    }

    /// A federated session with a stream, whose own link to `a` is open.
    private func session(_ transport: ServerPlan.Transport) -> (Rig, [ScriptedServer], ClientExchange) {
        let servers = ["a", "b"].map { ScriptedServer($0, .legacy, transport) }
        let rig = Rig(servers, loops: 3, seed: 9).started()
        let client = rig.session()
        let stream = client.stream(loop: 1)
        let call = client.call("a__echo")
        rig.world.run { call.isOver }
        rig.world.run(milliseconds: 500)
        return (rig, servers, stream)
    }

    @Test(
        "A session that has heard a server's own announcement hears of other servers' changes soon after",
        arguments: [ServerPlan.Transport.process, .http], [0, 100, 400, 1_000])
    func others(_ transport: ServerPlan.Transport, _ pause: Int) {
        let (rig, servers, stream) = session(transport)
        servers[0].tools.append("more")
        servers[0].announce()
        rig.world.run(milliseconds: pause)
        servers[1].tools.append("more")
        servers[1].announce()
        rig.world.run(milliseconds: 3_000)
        #expect(changes(stream) == 2)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "What a session heard from a server is told once, and what the server changes next is told too",
        arguments: [ServerPlan.Transport.process, .http])
    func next(_ transport: ServerPlan.Transport) {
        let (rig, servers, stream) = session(transport)
        servers[0].tools.append("first")
        servers[0].announce()
        rig.world.run(milliseconds: 1_000)
        #expect(changes(stream) == 1)
        // Only the gateway's own link says so this time.
        servers[0].tools.append("second")
        for hub in rig.gateway.view.hubs where hub.plan.name == "a" { hub.listChanged() }
        rig.world.run(milliseconds: 900)
        #expect(changes(stream) == 2)
        rig.world.run(milliseconds: 3_000)
        #expect(changes(stream) == 2)
        #expect(rig.shutDown() == [])
    }
}
