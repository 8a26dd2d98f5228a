import Testing

@testable import Forwarding

/// Resources that clients of either era follow at servers of either era.
@Suite struct SubscriptionTests {
    struct Way: Sendable, CustomTestStringConvertible {
        var modernServer: Bool
        var http: Bool
        /// A legacy server that serves everyone on one link.
        var shared = false
        var transparent: Bool

        var path: String { transparent ? "/mcp/s" : "/mcp" }

        var testDescription: String {
            "\(modernServer ? "modern" : shared ? "shared legacy" : "legacy") server over "
                + "\(http ? "HTTP" : "a process"), \(transparent ? "its own address" : "federated")"
        }

        static let all: [Way] = [true, false].flatMap { transparent in
            [true, false].flatMap { http in
                [
                    Way(modernServer: true, http: http, transparent: transparent),
                    Way(modernServer: false, http: http, transparent: transparent),
                    Way(modernServer: false, http: http, shared: true, transparent: transparent),
                ]
            }
        }

        func rig(seed: UInt64 = 7, declared: Bool = true) -> (Rig, ScriptedServer) {
            let server = ScriptedServer("s", modernServer ? .modern : .legacy, http ? .http : .process)
            server.resources = ["file:///a", "file:///b", "file:///c"]
            server.declaresSubscriptions = declared
            if shared {
                server.isShared = true
                server.keepsSessions = !http
            }
            return (Rig([server], loops: 3, seed: seed).started(), server)
        }
    }

    private func updates(_ exchange: ClientExchange) -> [String] {
        exchange.events.filter { $0.method == "notifications/resources/updated" }
            .compactMap { $0.params["uri"] as? String }
    }

    private func subscribe(_ client: LegacyClient, _ uri: String, _ rig: Rig, loop: Int = 0)
        -> ClientExchange
    {
        let exchange = client.post("resources/subscribe", ["uri": uri], loop: loop)
        rig.world.run(atMost: 12_000) { exchange.isOver }
        return exchange
    }

    @Test("Exactly the legacy clients that subscribed to a resource hear of its change", arguments: Way.all)
    func legacy(_ way: Way) {
        let (rig, server) = way.rig()
        let clients = (0..<3).map { rig.session(at: way.path, loop: $0) }
        let streams = clients.enumerated().map { $1.stream(loop: $0) }
        rig.world.run(milliseconds: 50)
        #expect(subscribe(clients[0], "file:///a", rig).response?.result?.isEmpty == true)
        #expect(subscribe(clients[1], "file:///a", rig, loop: 1).response?.result != nil)
        #expect(subscribe(clients[1], "file:///b", rig, loop: 2).response?.result != nil)
        rig.world.run(milliseconds: 100)
        server.update("file:///a")
        server.update("file:///b")
        server.update("file:///c")
        rig.world.run(milliseconds: 500)
        #expect(streams.map(updates) == [["file:///a"], ["file:///a", "file:///b"], []])
        let heard = streams[0].events.last
        #expect(heard?.params["title"] as? String == "kept")
        #expect(heard?.params["_meta"] == nil)
        #expect(server.protocolErrors == [])

        let gone = clients[0].post("resources/unsubscribe", ["uri": "file:///a"])
        rig.world.run { gone.isOver }
        rig.world.run(milliseconds: 500)
        server.update("file:///a")
        rig.world.run(milliseconds: 500)
        #expect(streams.map(updates) == [["file:///a"], ["file:///a", "file:///b", "file:///a"], []])
        _ = clients[1].end()
        rig.world.run(milliseconds: 500)
        #expect(server.subscriptions == [])
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test("Exactly the listen streams that asked for a resource hear of it, tagged", arguments: Way.all)
    func modern(_ way: Way) {
        let (rig, server) = way.rig()
        let wishes = [["file:///a"], ["file:///a", "file:///b"], []]
        let ids: [Any] = [11, "twelve", 13]
        let streams = wishes.enumerated().map { index, uris in
            let filter: JSONObject = ["toolsListChanged": true, "resourceSubscriptions": uris]
            return rig.modern(
                "subscriptions/listen", ["notifications": filter], at: way.path, id: ids[index], loop: index)
        }
        rig.world.run(milliseconds: 1_000)
        for (stream, uris) in zip(streams, wishes) {
            #expect(stream.events.first?.method == "notifications/subscriptions/acknowledged")
            let agreed = stream.events.first?[path: "params", "notifications", "resourceSubscriptions"]
            #expect(agreed as? [String] ?? [] == uris)
        }
        server.update("file:///a")
        server.update("file:///b")
        server.update("file:///c")
        rig.world.run(milliseconds: 500)
        #expect(streams.map(updates) == [["file:///a"], ["file:///a", "file:///b"], []])
        let tags = streams.map { stream in
            stream.events.map { $0[path: "params", "_meta", "io.modelcontextprotocol/subscriptionId"] }
        }
        #expect(tags[0].allSatisfy { $0 as? Int == 11 })
        #expect(tags[1].allSatisfy { $0 as? String == "twelve" })
        #expect(server.mostListens <= 2)
        for listen in server.listens {
            listen.notify(
                ScriptedServer.notification("notifications/message", ["level": "error", "data": "x"]))
        }
        for peer in server.liveProcesses.map(\.peer) + Array(server.sessions.values) {
            peer.unasked?(
                ScriptedServer.notification("notifications/message", ["level": "error", "data": "x"]))
        }
        rig.world.run(milliseconds: 100)
        #expect(streams.allSatisfy { $0.events.allSatisfy { $0.method != "notifications/message" } })
        rig.leave(streams[0])
        rig.world.run(milliseconds: 500)
        #expect(Set(server.subscriptions) == ["file:///a", "file:///b"])
        rig.leave(streams[1])
        rig.world.run(milliseconds: 500)
        #expect(server.subscriptions == [])
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test("Subscriptions outlive a server's restart, and clients are told to read again", arguments: Way.all)
    func restart(_ way: Way) {
        let (rig, server) = way.rig()
        let client = rig.session(at: way.path, loop: 1)
        let stream = client.stream(loop: 2)
        rig.world.run(milliseconds: 50)
        #expect(subscribe(client, "file:///a", rig).response?.result != nil)
        let listen = rig.modern(
            "subscriptions/listen", ["notifications": ["resourceSubscriptions": ["file:///b"]]], at: way.path)
        rig.world.run(milliseconds: 1_000)
        server.die()
        rig.world.run(milliseconds: 3_000)
        server.isUp = true
        rig.world.run(milliseconds: 20_000)
        #expect(server.subscriptions.contains("file:///a") && server.subscriptions.contains("file:///b"))
        let before = (updates(stream).count, updates(listen).count)
        #expect(before == (1, 1))
        server.update("file:///a")
        server.update("file:///b")
        rig.world.run(milliseconds: 500)
        #expect(updates(stream) == ["file:///a", "file:///a"])
        #expect(updates(listen) == ["file:///b", "file:///b"])
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test("Subscriptions outlive a reload that puts another server in the place", arguments: Way.all)
    func reload(_ way: Way) {
        let (rig, old) = way.rig()
        let client = rig.session(at: way.path, loop: 1)
        let stream = client.stream(loop: 2)
        rig.world.run(milliseconds: 50)
        #expect(subscribe(client, "file:///a", rig).response?.result != nil)
        let listen = rig.modern(
            "subscriptions/listen", ["notifications": ["resourceSubscriptions": ["file:///b"]]], at: way.path)
        rig.world.run(milliseconds: 1_000)
        let new = ScriptedServer("s", way.modernServer ? .legacy : .modern, way.http ? .process : .http)
        new.resources = old.resources
        rig.apply([new])
        rig.world.run(milliseconds: 5_000)
        #expect(old.subscriptions == [])
        #expect(new.subscriptions == ["file:///a", "file:///b"])
        new.update("file:///a")
        new.update("file:///b")
        rig.world.run(milliseconds: 500)
        #expect(updates(stream).last == "file:///a")
        #expect(updates(listen).last == "file:///b")
        #expect(new.protocolErrors + old.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "The listen request is replaced without a gap when what is followed changes",
        arguments: [true, false])
    func noGap(http: Bool) {
        let (rig, server) = Way(modernServer: true, http: http, transparent: false).rig(seed: 3)
        let client = rig.session()
        let stream = client.stream(loop: 1)
        rig.world.run(milliseconds: 50)
        #expect(subscribe(client, "file:///a", rig).response?.result != nil)
        var sent = 0
        for round in 0..<40 {
            let uri = ["file:///b", "file:///c"][round % 2]
            let method = round % 4 < 2 ? "resources/subscribe" : "resources/unsubscribe"
            _ = client.post(method, ["uri": uri], loop: round % 3)
            for _ in 0..<(round % 5) { _ = rig.world.step() }
            server.update("file:///a")
            sent += 1
        }
        rig.world.run(milliseconds: 1_000)
        #expect(updates(stream).filter { $0 == "file:///a" }.count >= sent)
        #expect(server.listens.count == 1)
        #expect(server.mostListens <= 2)
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test("A URI that two servers have is followed at each under the URI that the client knows")
    func conflict() {
        let first = ScriptedServer("one", .legacy, .process)
        let second = ScriptedServer("two", .modern, .http)
        let rig = Rig([first, second], loops: 2).started()
        let client = rig.session()
        let stream = client.stream()
        let listen = rig.modern(
            "subscriptions/listen",
            ["notifications": ["resourceSubscriptions": ["attune-two+file:///a", "file:///none"]]])
        rig.world.run(milliseconds: 1_000)
        #expect(
            listen.events.first?[path: "params", "notifications", "resourceSubscriptions"] as? [String]
                == ["attune-two+file:///a"])
        #expect(subscribe(client, "file:///a", rig).response?.result != nil)
        second.update("file:///a")
        second.update("file:///a", as: "file:///a/part")
        rig.world.run(milliseconds: 300)
        #expect(updates(listen) == ["attune-two+file:///a", "attune-two+file:///a/part"])
        #expect(updates(stream) == [])
        first.update("file:///a")
        rig.world.run(milliseconds: 300)
        #expect(updates(stream) == ["file:///a"])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A subscription that a legacy server takes without having declared it works for both eras",
        arguments: Way.all.filter { !$0.modernServer && !$0.shared })
    func undeclared(_ way: Way) {
        let (rig, server) = way.rig(declared: false)
        let client = rig.session(at: way.path)
        let stream = client.stream()
        let filter: JSONObject = ["resourceSubscriptions": ["file:///b"]]
        let listen = rig.modern("subscriptions/listen", ["notifications": filter], at: way.path, id: 4)
        rig.world.run(milliseconds: 1_000)
        #expect(subscribe(client, "file:///a", rig).response?.result?.isEmpty == true)
        #expect(
            listen.events.first?[path: "params", "notifications", "resourceSubscriptions"] as? [String]
                == ["file:///b"])
        rig.world.run(milliseconds: 100)
        server.update("file:///a")
        server.update("file:///b")
        rig.world.run(milliseconds: 500)
        #expect(updates(stream) == ["file:///a"])
        #expect(updates(listen) == ["file:///b"])
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test("What a server refuses is refused in its words; unknown, oversized and too many URIs are errors")
    func refusals() {
        let server = ScriptedServer("s", .legacy, .process)
        server.refused = ["file:///a"]
        let mute = ScriptedServer("mute", .legacy, .process)
        mute.offersSubscriptions = false
        mute.resources = ["mute:///a"]
        let rig = Rig([server, mute], loops: 2).started()
        let client = rig.session()
        let refused = subscribe(client, "file:///a", rig).response
        #expect(refused?.errorCode == -32002)
        #expect(refused?[path: "error", "data", "why"] as? String == "scripted")
        let unknown = subscribe(client, "mute:///a", rig).response
        #expect(unknown?.errorCode == -32601)
        #expect(unknown?[path: "error", "message"] as? String == "Method not found: resources/subscribe")
        #expect(subscribe(client, "what:///a", rig).response?.errorCode == -32002)
        let long = "file:///" + String(repeating: "x", count: 9_000)
        #expect(subscribe(client, long, rig).response?.errorCode == -32602)
        let missing = client.post("resources/subscribe")
        rig.world.run { missing.isOver }
        #expect(missing.response?.errorCode == -32602)
        let own = rig.session(at: "/mcp/s")
        let answers = (0..<ResourceFollower.maxResources + 2).map {
            own.post("resources/subscribe", ["uri": "file:///many/\($0)"])
        }
        rig.world.run { answers.allSatisfy(\.isOver) }
        #expect(answers.filter { $0.response?.errorCode == 1004 }.count == 2)
        let none = own.post("resources/unsubscribe", ["uri": "file:///never"])
        rig.world.run { none.isOver }
        #expect(none.response?.result != nil)
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test("A server that does not answer is given up in time, and the subscription with it")
    func silent() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let client = rig.session()
        let call = client.call("s__echo")
        rig.world.run { call.isOver }
        server.isSilent = true
        let exchange = subscribe(client, "file:///a", rig)
        #expect(exchange.response?.errorCode == 1001 || exchange.response?.errorCode == 1002)
        #expect(rig.gateway.sessions.all.first?.follower(at: .federated)?.count == 0)
        server.isSilent = false
        #expect(rig.shutDown() == [])
    }

    @Test("Subscriptions are offered to both eras where a server offers them", arguments: Way.all)
    func offered(_ way: Way) {
        let (rig, _) = way.rig()
        let client = rig.session(at: way.path)
        #expect(
            client.greeting?[path: "result", "capabilities", "resources", "subscribe"] as? Bool == true)
        let discover = rig.modern("server/discover", at: way.path)
        rig.world.run { discover.isOver }
        #expect(
            discover.response?[path: "result", "capabilities", "resources", "subscribe"] as? Bool == true)
        #expect(rig.shutDown() == [])
    }
}
