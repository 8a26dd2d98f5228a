import Sessions
import Testing

@testable import Forwarding

/// What legacy servers ask of legacy clients.
@Suite struct AskingTests {
    static var everything: JSONObject {
        [
            "sampling": ["tools": [:] as JSONObject], "roots": ["listChanged": true],
            "elicitation": ["form": [:] as JSONObject, "url": [:] as JSONObject],
            "experimental": ["x": [:] as JSONObject],
        ]
    }
    static var sampling: JSONObject {
        [
            "id": 1, "method": "sampling/createMessage", "params": ["messages": [] as [Any], "maxTokens": 5],
        ]
    }
    static var sampled: JSONObject {
        [
            "role": "assistant", "model": "m", "content": ["type": "text", "text": "hi"],
        ]
    }

    static func server(_ http: Bool) -> ScriptedServer {
        let server = ScriptedServer("s", .legacy, http ? .http : .process)
        server.tools = ["ask", "hold", "echo"]
        return server
    }

    private func elicitation(_ id: Any, mode: String? = nil) -> JSONObject {
        var params: JSONObject = ["message": "who?"]
        if let mode { params["mode"] = mode }
        return ["id": id, "method": "elicitation/create", "params": params]
    }

    private func ask(
        _ client: LegacyClient, _ requests: [JSONObject], unasked: Bool = false, loop: Int = 0
    ) -> ClientExchange {
        client.call("s__ask", ["requests": requests, "unasked": unasked], loop: loop)
    }

    @Test(
        "What a server asks during a call comes in the call's answer, and the client's answer goes back under the server's own id",
        arguments: [true, false])
    func onTheCall(http: Bool) {
        let server = Self.server(http)
        let rig = Rig([server], loops: 3).started()
        let client = rig.session(capabilities: Self.everything)
        for id in [7, "seven", 0, -1] as [Any] {
            var request = Self.sampling
            request["id"] = id
            let exchange = ask(client, [request], loop: 1)
            rig.world.run { !exchange.requests.isEmpty }
            #expect(exchange.requests.first?.method == "sampling/createMessage")
            #expect(exchange.requests.first?.params["maxTokens"] as? Int == 5)
            let answer = client.answer(exchange.requests.first?["id"], Self.sampled, loop: 2)
            rig.world.run { exchange.isOver && answer.isOver }
            #expect(answer.status == 202)
            #expect(exchange.response?.text?.contains(#""model":"m""#) == true)
            #expect(ScriptedServer.key(server.answers.last?["id"]) == ScriptedServer.key(id))
        }
        #expect(server.strayAnswers.isEmpty)
        #expect(rig.shutDown() == [])
    }

    @Test("A link declares exactly what its client declared", arguments: [true, false])
    func declared(http: Bool) {
        let server = Self.server(http)
        let rig = Rig([server]).started()
        for capabilities in [Self.everything, [:], ["roots": [:] as JSONObject]] {
            let client = rig.session(capabilities: capabilities)
            let exchange = client.call("s__echo", ["text": "x"])
            rig.world.run { exchange.isOver }
            let peers = http ? Array(server.sessions.values) : server.processes.map(\.peer)
            let seen = peers.filter { JSON.bytes($0.capabilities) == JSON.bytes(capabilities) }
            #expect(!seen.isEmpty)
        }
        #expect(rig.shutDown() == [])
    }

    @Test(
        "What the client did not declare is refused to the server and never sent to the client",
        arguments: [true, false])
    func undeclared(http: Bool) {
        let server = Self.server(http)
        let rig = Rig([server]).started()
        let client = rig.session(capabilities: ["elicitation": [:] as JSONObject])
        var withTools = Self.sampling
        withTools["id"] = 4
        let exchange = ask(
            client,
            [
                Self.sampling, ["id": 2, "method": "roots/list"], elicitation(3, mode: "url"), withTools,
                ["id": 5, "method": "other/thing"], ["id": 6, "method": "tools/call"],
            ])
        rig.world.run { exchange.isOver }
        #expect(exchange.requests.isEmpty)
        let codes = server.answers.map { $0.errorCode ?? 0 }
        #expect(codes.sorted() == [-32602, -32601, -32601, -32601, -32601, -32601].sorted())
        #expect(
            server.answers.first { $0["id"] as? Int == 3 }?[
                path: "error", "data", "requiredCapabilities", "elicitation"] != nil)
        // Sampling is declared, its tools are not.
        let other = rig.session(capabilities: ["sampling": [:] as JSONObject])
        withTools["params"] = ["messages": [] as [Any], "maxTokens": 5, "tools": [] as [Any]]
        let second = ask(other, [withTools])
        rig.world.run { second.isOver }
        #expect(second.response?.text?.hasPrefix("error -32602") == true)
        #expect(rig.shutDown() == [])
    }

    @Test("Pings of a server are answered by the gateway", arguments: [true, false])
    func ping(http: Bool) {
        let server = Self.server(http)
        let rig = Rig([server]).started()
        let exchange = ask(rig.session(), [["id": "p", "method": "ping"]])
        rig.world.run { exchange.isOver }
        #expect(exchange.requests.isEmpty)
        #expect(exchange.response?.text == "{}")
        #expect(rig.shutDown() == [])
    }

    @Test(
        "What a server asks on a stream of its own comes on the client's own stream while several calls are in flight",
        arguments: [true, false])
    func onTheStream(http: Bool) {
        let server = Self.server(http)
        let rig = Rig([server], loops: 3).started()
        let client = rig.session(capabilities: Self.everything)
        let stream = client.stream(loop: 2)
        let held = client.call("s__hold")
        rig.world.run { !server.held.isEmpty && (!http || server.streams.count > 1) }
        let exchange = ask(client, [["id": 1, "method": "roots/list"]], unasked: true, loop: 1)
        rig.world.run { !stream.requests.isEmpty }
        #expect(exchange.requests.isEmpty)
        #expect(stream.requests.count == 1)
        let answer = client.answer(stream.requests.first?["id"], ["roots": [] as [Any]])
        rig.world.run { exchange.isOver && answer.isOver }
        #expect(exchange.response?.text == #"{"roots":[]}"#)
        server.release()
        rig.world.run { held.isOver }
        #expect(rig.shutDown() == [])
    }

    @Test(
        "What a process asks while several calls are in flight comes in one of their answers without a stream"
    )
    func anyCall() {
        let server = Self.server(false)
        let rig = Rig([server], loops: 3).started()
        let client = rig.session(capabilities: Self.everything)
        let held = client.call("s__hold", loop: 2)
        rig.world.run { !server.held.isEmpty }
        let exchange = ask(client, [["id": 1, "method": "roots/list"]], loop: 1)
        rig.world.run { held.requests.count + exchange.requests.count == 1 }
        let id = (held.requests + exchange.requests).first?["id"]
        let answer = client.answer(id, ["roots": [] as [Any]])
        rig.world.run { exchange.isOver && answer.isOver }
        #expect(exchange.response?.text == #"{"roots":[]}"#)
        server.release()
        rig.world.run { held.isOver }
        #expect(rig.shutDown() == [])
    }

    @Test("What is asked outside a call waits for the client's stream, and fails without one")
    func outsideCalls() {
        let server = Self.server(false)
        let rig = Rig([server], loops: 2).started()
        let client = rig.session(capabilities: Self.everything)
        let first = client.call("s__echo", ["text": "x"])
        rig.world.run { first.isOver }
        guard let peer = server.liveProcesses.last?.peer else { return }
        var answered: [JSONObject] = []
        let message: JSONObject = ["jsonrpc": "2.0", "id": "r", "method": "roots/list"]
        server.ask(peer, [message]) { answered += $0 }
        peer.unasked?(message)
        rig.world.run(milliseconds: 4_000)
        #expect(answered.isEmpty)
        rig.world.run(milliseconds: 2_000)
        #expect(
            answered.first?[path: "error", "data", "attune", "reason"] as? String == "client_without_stream")
        server.ask(peer, [message]) { answered += $0 }
        peer.unasked?(message)
        rig.world.run(milliseconds: 2_000)
        let stream = client.stream(loop: 1)
        rig.world.run { !stream.requests.isEmpty }
        _ = client.answer(stream.requests.first?["id"], ["roots": [] as [Any]])
        rig.world.run { answered.count == 2 }
        #expect(answered.last?.result != nil)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A client on a line connection, and one of the oldest transport, are asked on their stream",
        arguments: [true, false])
    func otherStreams(lines: Bool) {
        let server = Self.server(false)
        let rig = Rig([server], loops: 2).started()
        let initialize: JSONObject = [
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": [
                "protocolVersion": "2025-06-18", "capabilities": Self.everything,
                "clientInfo": ["name": "test", "version": "1"],
            ],
        ]
        let messages: [JSONObject] = [
            initialize, ["jsonrpc": "2.0", "method": "notifications/initialized"],
            [
                "jsonrpc": "2.0", "id": 2, "method": "tools/call",
                "params": ["name": "s__ask", "arguments": ["requests": [elicitation("e")]]],
            ],
        ]
        let events: ClientExchange? = lines ? nil : rig.send(.get, "/sse")
        let channel: ClientLines? = lines ? rig.lines() : nil
        rig.world.settle()
        let query = events?.rawEvents.first.map {
            String(String(decoding: $0, as: UTF8.self).split(separator: "?").last ?? "")
        }
        var headers = HTTPRequest.Headers()
        headers.contentType = "application/json"
        func send(_ message: JSONObject) {
            if let channel {
                rig.write(message, to: channel)
            } else {
                _ = rig.send(
                    .post, "/messages", JSON.bytes(message), query: query ?? "", loop: 1, headers: headers)
            }
            rig.world.run(milliseconds: 100)
        }
        for message in messages { send(message) }
        let requests = channel?.requests ?? events?.requests ?? []
        #expect(requests.count == 1)
        send(["jsonrpc": "2.0", "id": requests.first?["id"] ?? "", "result": ["action": "decline"]])
        let response =
            channel?.response(2) ?? events?.events.first { $0["id"] as? Int == 2 && $0["method"] == nil }
        #expect(response?.text == #"{"action":"decline"}"#)
        channel?.close()
        if let events { rig.leave(events) }
        #expect(rig.shutDown() == [])
    }

    @Test("A batch is answered with an array after what it asked")
    func batch() {
        let server = Self.server(true)
        let rig = Rig([server]).started()
        let client = rig.session(version: "2025-03-26", capabilities: Self.everything)
        let exchange = client.batch([
            [
                "jsonrpc": "2.0", "id": "a", "method": "tools/call",
                "params": [
                    "name": "s__ask", "arguments": ["requests": [["id": 3, "method": "roots/list"]]],
                ],
            ],
            ["jsonrpc": "2.0", "id": "b", "method": "ping"],
        ])
        rig.world.run { !exchange.requests.isEmpty }
        _ = client.batch([
            ["jsonrpc": "2.0", "id": exchange.requests.first?["id"] ?? 0, "result": ["roots": [] as [Any]]]
        ])
        rig.world.run { exchange.isOver }
        #expect(server.answers.count == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A slow reader still gets what a server asks", arguments: [true, false])
    func slowReader(http: Bool) {
        let server = Self.server(http)
        let rig = Rig([server]).started()
        let client = rig.session(capabilities: Self.everything)
        let exchange = ask(client, [["id": 1, "method": "roots/list"]])
        exchange.isWritable = false
        rig.world.run { !exchange.requests.isEmpty }
        #expect(exchange.requests.count == 1)
        exchange.isWritable = true
        _ = client.answer(exchange.requests.first?["id"], ["roots": [] as [Any]])
        rig.world.run { exchange.isOver }
        #expect(rig.shutDown() == [])
    }
}
