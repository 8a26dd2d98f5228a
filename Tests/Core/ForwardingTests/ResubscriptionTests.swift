import Testing

@testable import Forwarding

/// Clients that change their mind about a resource while its server has yet to answer.
@Suite struct ResubscriptionTests {
    private static let uri = "file:///a"

    private func rig(http: Bool, seed: UInt64 = 5) -> (Rig, ScriptedServer) {
        let server = ScriptedServer("s", .legacy, http ? .http : .process)
        return (Rig([server], loops: 3, seed: seed).started(), server)
    }

    private func updates(_ exchange: ClientExchange) -> Int {
        exchange.events.count { $0.method == "notifications/resources/updated" }
    }

    /// Lets a slow server answer until nothing waits there any more.
    private func answerAll(_ rig: Rig, _ server: ScriptedServer) {
        for _ in 0..<5 {
            rig.world.run(milliseconds: 200)
            server.subscribeNow()
        }
        rig.world.run(milliseconds: 200)
    }

    @Test(
        "A client that unsubscribes and subscribes again before its server has answered stays subscribed",
        arguments: [true, false], 0..<4 as Range<UInt64>)
    func session(http: Bool, seed: UInt64) {
        let (rig, server) = rig(http: http, seed: seed)
        let client = rig.session()
        let stream = client.stream(loop: 1)
        let first = client.post("resources/subscribe", ["uri": Self.uri])
        rig.world.run { first.isOver }
        server.isSlowToSubscribe = true
        for method in ["unsubscribe", "subscribe", "unsubscribe", "subscribe"] {
            _ = client.post("resources/\(method)", ["uri": Self.uri])
            rig.world.run(milliseconds: 100)
        }
        answerAll(rig, server)
        #expect(server.subscriptions == [Self.uri], "seed \(seed)")
        server.update(Self.uri)
        rig.world.run(milliseconds: 200)
        #expect(updates(stream) == 1, "seed \(seed)")
        _ = client.post("resources/unsubscribe", ["uri": Self.uri])
        answerAll(rig, server)
        #expect(server.subscriptions == [], "seed \(seed)")
        #expect(server.protocolErrors == [], "seed \(seed)")
        #expect(rig.shutDown() == [])
    }

    @Test(
        "The same holds for a modern client whose listen stream is opened anew", arguments: [true, false])
    func listener(http: Bool) {
        let (rig, server) = rig(http: http)
        let filter: JSONObject = ["notifications": ["resourceSubscriptions": [Self.uri]]]
        let first = rig.modern("subscriptions/listen", filter)
        rig.world.run(milliseconds: 500)
        #expect(server.subscriptions == [Self.uri])
        server.isSlowToSubscribe = true
        rig.leave(first)
        rig.world.run(milliseconds: 100)
        let second = rig.modern("subscriptions/listen", filter, loop: 1)
        answerAll(rig, server)
        #expect(server.subscriptions == [Self.uri])
        server.update(Self.uri)
        rig.world.run(milliseconds: 200)
        #expect(updates(second) == 1)
        rig.leave(second)
        answerAll(rig, server)
        #expect(server.subscriptions == [])
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "Nothing is kept of subscriptions that are over, also when their session ended in between",
        arguments: [true, false])
    func leftovers(http: Bool) {
        let (rig, server) = rig(http: http)
        let client = rig.session()
        let listen = rig.modern(
            "subscriptions/listen", ["notifications": ["resourceSubscriptions": [Self.uri]]], loop: 1)
        server.isSlowToSubscribe = true
        _ = client.post("resources/subscribe", ["uri": Self.uri])
        rig.world.run(milliseconds: 100)
        _ = client.end()
        rig.leave(listen)
        rig.world.run(milliseconds: 20_000)
        #expect(rig.gateway.view.hubs.map(\.feeds.count) == [0])
        server.isSlowToSubscribe = false
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A request that was cancelled takes no subscription from one that is still wanted",
        arguments: [true, false], 0..<4 as Range<UInt64>)
    func cancelled(http: Bool, seed: UInt64) {
        let (rig, server) = rig(http: http, seed: seed)
        let client = rig.session()
        let stream = client.stream(loop: 1)
        server.isSlowToSubscribe = true
        let first = client.post("resources/subscribe", ["uri": Self.uri], id: "first")
        rig.world.run { !server.subscribing.isEmpty }
        _ = client.notify("notifications/cancelled", ["requestId": "first"])
        rig.world.run { first.isOver }
        let second = client.post("resources/subscribe", ["uri": Self.uri], id: "second")
        answerAll(rig, server)
        #expect(second.response?.result != nil, "seed \(seed)")
        #expect(server.subscriptions == [Self.uri], "seed \(seed)")
        server.isSlowToSubscribe = false
        _ = client.post("resources/subscribe", ["uri": Self.uri], id: "third")
        _ = client.notify("notifications/cancelled", ["requestId": "third"])
        rig.world.run(milliseconds: 200)
        server.update(Self.uri)
        rig.world.run(milliseconds: 200)
        #expect(updates(stream) == 1, "seed \(seed)")
        #expect(server.protocolErrors == [], "seed \(seed)")
        #expect(rig.shutDown() == [])
    }

    @Test("A request that was cancelled, and alone, leaves nothing subscribed", arguments: [true, false])
    func cancelledAlone(http: Bool) {
        let (rig, server) = rig(http: http)
        let client = rig.session()
        server.isSlowToSubscribe = true
        let first = client.post("resources/subscribe", ["uri": Self.uri], id: "first")
        rig.world.run { !server.subscribing.isEmpty }
        _ = client.notify("notifications/cancelled", ["requestId": "first"])
        rig.world.run { first.isOver }
        answerAll(rig, server)
        #expect(server.subscriptions == [])
        #expect(rig.gateway.sessions.all.first?.follower(at: .federated)?.count == 0)
        #expect(rig.shutDown() == [])
    }
}
