import Sessions
import Testing

@testable import Forwarding

@Suite struct SessionTests {
    @Test("Each legacy session has a process of its own, which ends with it", arguments: [true, false])
    func ownProcess(prewarmed: Bool) {
        let server = ScriptedServer("s", .legacy, .process)
        server.prewarm = prewarmed ? 1 : 0
        let rig = Rig([server], loops: 3).started()
        let first = rig.session(loop: 0)
        let second = rig.session(loop: 1)
        for client in [first, second] {
            for count in 1...2 {
                let call = client.call("s__count", loop: count)
                rig.world.run { call.isOver }
                #expect(call.response?.text == "\(count)")
            }
        }
        let spare = prewarmed ? 1 : 0
        rig.world.run(milliseconds: 100)
        #expect(server.liveProcesses.count == 3 + spare)
        let end = first.end(loop: 2)
        rig.world.run(milliseconds: 100)
        #expect(end.status == 204)
        #expect(server.liveProcesses.count == 2 + spare)
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test("Each legacy session has an upstream session of its own over HTTP, which is deleted with it")
    func ownUpstreamSession() {
        let server = ScriptedServer("s", .legacy, .http)
        let rig = Rig([server], loops: 3).started()
        let client = rig.session(loop: 1)
        let call = client.call("s__count", loop: 2)
        rig.world.run { call.isOver }
        #expect(server.sessions.count == 2)
        _ = client.end()
        rig.world.run(milliseconds: 100)
        #expect(server.sessions.count == 1)
        #expect(server.deletedSessions == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A session that ends while its link is opening leaves neither a process nor a call behind")
    func endsWhileOpening() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server], loops: 3, seed: 5).started()
        for steps in 0..<40 {
            let client = rig.session()
            let call = client.call("s__echo", loop: 1)
            for _ in 0..<steps { _ = rig.world.step() }
            let end = client.end(loop: 2)
            rig.world.run { end.isOver && call.isOver }
            #expect(call.responseCount <= 1)
        }
        rig.world.run(milliseconds: 15_000)
        #expect(server.liveProcesses.count == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A server that is opened after logging/setLevel is told the level before the first call")
    func levelOfLaterLinks() {
        let servers = [ScriptedServer("p", .legacy, .process), ScriptedServer("h", .legacy, .http)]
        let rig = Rig(servers).started()
        let client = rig.session()
        let level = client.post("logging/setLevel", ["level": "error"])
        rig.world.run { level.isOver }
        for server in servers {
            let call = client.call("\(server.name)__echo")
            rig.world.run { call.isOver }
            rig.world.run(milliseconds: 20)
            #expect(server.count("logging/setLevel") == 1)
        }
        let levels = servers[0].processes.map(\.peer.levels) + servers[1].sessions.values.map(\.levels)
        #expect(levels.filter { $0 == ["error"] }.count == 2)
        let again = client.post("logging/setLevel", ["level": "debug"], loop: 1)
        rig.world.run { again.isOver }
        rig.world.run(milliseconds: 20)
        #expect(servers.map { $0.count("logging/setLevel") } == [2, 2])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "What a session's own server sends unasked comes on the client's stream, by level",
        arguments: [true, false])
    func unasked(http: Bool) {
        let server = ScriptedServer("s", .legacy, http ? .http : .process)
        let rig = Rig([server], loops: 2).started()
        let client = rig.session(at: "/mcp/s")
        let stream = client.stream(loop: 1)
        let level = client.post("logging/setLevel", ["level": "warning"])
        rig.world.run { level.isOver }
        rig.world.run(milliseconds: 50)
        let peers = http ? Array(server.sessions.values) : server.processes.map(\.peer)
        for peer in peers {
            for level in ["info", "error"] {
                peer.unasked?(
                    ScriptedServer.notification("notifications/message", ["level": level, "data": "x"]))
            }
            peer.unasked?(ScriptedServer.notification("notifications/tools/list_changed"))
        }
        rig.world.run(milliseconds: 1_000)
        #expect(
            stream.events.compactMap { $0.method } == [
                "notifications/message", "notifications/tools/list_changed",
            ])
        #expect(stream.events.first?.params["level"] as? String == "error")
        rig.leave(stream)
        rig.world.run(milliseconds: 61_000)
        if http { #expect(server.streams.count == 1) }
        #expect(rig.shutDown() == [])
    }

    @Test("Nothing but ping is answered before initialized; an unknown session is 404, a missing one 400")
    func rules() {
        let rig = Rig([ScriptedServer("s", .modern, .process)]).started()
        let client = rig.session(initialized: false)
        let early = client.call("s__echo")
        let ping = client.post("ping")
        let stranger = LegacyClient(rig: rig, path: "/mcp", version: "2025-11-25")
        let missing = stranger.post("ping")
        stranger.id = "nobody"
        let unknown = stranger.post("ping")
        let elsewhere = LegacyClient(rig: rig, path: "/mcp/s", version: "2025-11-25")
        elsewhere.id = client.id
        let wrongPlace = elsewhere.post("ping")
        rig.world.run(milliseconds: 100)
        #expect(early.response?.errorCode == -32600)
        #expect(ping.response?.result != nil)
        #expect(missing.status == 400)
        #expect(unknown.status == 404)
        #expect(wrongPlace.status == 404)
    }

    @Test("A client that goes away while its session opens leaves no session")
    func goneWhileOpening() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let client = LegacyClient(rig: rig, path: "/mcp/s", version: "2025-11-25")
        let exchange = client.post("initialize", ["protocolVersion": "2025-11-25"])
        for _ in 0..<3 { _ = rig.world.step() }
        rig.leave(exchange)
        rig.world.run(milliseconds: 200)
        #expect(rig.gateway.sessionReports.isEmpty)
        #expect(server.liveProcesses.count == 1)
    }

    @Test(
        "A session that nobody uses ends after half an hour; one with a stream, or until lately, does not"
    )
    func expiry() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let idle = rig.session()
        let call = idle.call("s__echo")
        rig.world.run { call.isOver }
        let listening = rig.session()
        let stream = listening.stream()
        rig.world.run(milliseconds: 31 * 60_000)
        #expect(rig.gateway.sessionReports.count == 1)
        #expect(server.liveProcesses.count == 1)
        rig.leave(stream)
        rig.world.run(milliseconds: 60_000)
        let ping = listening.post("ping")
        rig.world.run { ping.isOver }
        #expect(ping.status == 200)
        #expect(rig.shutDown() == [])
    }

    @Test("A newer stream takes the place of an older one, and ended streams leave no trace")
    func replacedStreams() {
        let rig = Rig([ScriptedServer("s", .modern, .process)], loops: 2).started()
        let client = rig.session()
        var last: ClientExchange?
        for loop in 0..<6 {
            let stream = client.stream(loop: loop % 2)
            rig.world.run(milliseconds: 10)
            #expect(last?.isOver ?? true)
            #expect(!stream.isOver)
            last = stream
        }
        #expect(rig.gateway.loops.map { $0.streams.count }.reduce(0, +) == 1)
        _ = client.end()
        rig.world.run(milliseconds: 10)
        #expect(last?.isOver == true)
        #expect(rig.gateway.loops.map { $0.streams.count }.reduce(0, +) == 0)
    }

    @Test("The 2024-11-05 transport answers on its stream, from any loop, and its session ends with it")
    func eventsTransport() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server], loops: 2).started()
        let stream = rig.send(.get, "/sse")
        rig.world.run(milliseconds: 10)
        let address = String(decoding: stream.rawEvents[0], as: UTF8.self)
        #expect(stream.eventNames == ["endpoint"])
        let query = String(address.dropFirst("/messages?".count))
        func post(_ message: JSONObject, _ loop: Int) -> ClientExchange {
            rig.send(.post, "/messages", JSON.bytes(message), query: query, loop: loop)
        }
        let greeting: JSONObject = [
            "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": ["protocolVersion": "2024-11-05"],
        ]
        let accepted = post(greeting, 1)
        rig.world.run(milliseconds: 100)
        #expect(accepted.status == 202)
        _ = post(["jsonrpc": "2.0", "method": "notifications/initialized"], 0)
        rig.world.run(milliseconds: 10)
        let params: JSONObject = ["name": "s__echo", "arguments": ["text": "x"]]
        _ = post(["jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params], 1)
        rig.world.run(milliseconds: 100)
        #expect(stream.events.last?.text == "s: x")
        #expect(stream.eventNames.last == "message")
        #expect(server.liveProcesses.count == 2)
        rig.leave(stream)
        rig.world.run(milliseconds: 100)
        #expect(server.liveProcesses.count == 1)
        #expect(rig.shutDown() == [])
    }
}
