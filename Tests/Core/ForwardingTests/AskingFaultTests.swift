import Testing

@testable import Forwarding

/// What goes wrong while a legacy server asks its legacy client.
@Suite struct AskingFaultTests {
    private static var roots: [JSONObject] { [["id": 1, "method": "roots/list"]] }

    /// A call whose client is being asked for its roots.
    private func asking(
        _ http: Bool, requests: [JSONObject] = roots, loops: Int = 3
    ) -> (Rig, ScriptedServer, LegacyClient, ClientExchange) {
        let server = AskingTests.server(http)
        let rig = Rig([server], loops: loops).started()
        let client = rig.session(capabilities: AskingTests.everything)
        let exchange = client.call("s__ask", ["requests": requests], id: "c", loop: 1)
        rig.world.run { exchange.requests.count == requests.count }
        return (rig, server, client, exchange)
    }

    private var empty: JSONObject { ["roots": [] as [Any]] }

    private func cancels(_ messages: [JSONObject]) -> [Int] {
        messages.filter { $0.method == "notifications/cancelled" }.compactMap {
            $0.params["requestId"] as? Int
        }
    }

    @Test(
        "Only the first answer counts, and answers under unknown ids or of wrong types reach nobody",
        arguments: [true, false])
    func strayAnswers(http: Bool) {
        let (rig, server, client, exchange) = asking(http)
        let id = exchange.requests.first?["id"] as? Int ?? 0
        for wrong in ["\(id)", id + 1, 1.5, -id, "x"] as [Any] {
            let answer = client.answer(wrong, empty)
            rig.world.run { answer.isOver }
        }
        let other = rig.session(capabilities: AskingTests.everything)
        _ = other.answer(id, empty)
        rig.world.run(milliseconds: 50)
        #expect(server.answers.isEmpty && !exchange.isOver)
        for loop in [0, 2, 1] { _ = client.answer(id, empty, loop: loop) }
        rig.world.run { exchange.isOver }
        rig.world.run(milliseconds: 50)
        #expect(server.answers.count == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A client's refusal reaches the server as it is", arguments: [true, false])
    func refusal(http: Bool) {
        let (rig, _, client, exchange) = asking(http)
        _ = client.refuse(exchange.requests.first?["id"], code: -1)
        rig.world.run { exchange.isOver }
        #expect(exchange.response?.text == "error -1 no")
        #expect(rig.shutDown() == [])
    }

    @Test("Requests in parallel are answered in any order")
    func parallel() {
        let requests = (1...5).map { ["id": $0, "method": "roots/list"] as JSONObject }
        let (rig, _, client, exchange) = asking(true, requests: requests)
        for (number, request) in exchange.requests.enumerated().reversed() {
            _ = client.answer(request["id"], ["n": number], loop: number % 3)
        }
        rig.world.run { exchange.isOver }
        #expect(exchange.response?.text == (0..<5).map { "{\"n\":\($0)}" }.joined(separator: " | "))
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A client that never answers fails the request after its time, and the call goes on",
        arguments: [true, false])
    func silent(http: Bool) {
        let (rig, server, _, exchange) = asking(http)
        // Far beyond the call's own deadline.
        rig.world.run(milliseconds: 9 * 60_000)
        #expect(!exchange.isOver)
        rig.world.run(milliseconds: 61_000)
        #expect(
            server.answers.first?[path: "error", "data", "attune", "reason"] as? String == "client_timeout")
        #expect(exchange.isOver)
        #expect(cancels(exchange.notifications) == [exchange.requests.first?["id"] as? Int])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "After the client has answered, the call has as much time left as before", arguments: [true, false])
    func timeLeft(http: Bool) {
        let server = AskingTests.server(http)
        server.advice.deadlineMilliseconds = 3_000
        let rig = Rig([server], loops: 2).started()
        let client = rig.session(capabilities: AskingTests.everything)
        let exchange = client.call("s__ask", ["requests": Self.roots])
        rig.world.run { !exchange.requests.isEmpty }
        rig.world.run(milliseconds: 60_000)
        // The server asks on and on: each answer leaves what was left.
        server.isSilent = true
        server.questions = []
        _ = client.answer(exchange.requests.first?["id"], empty)
        rig.world.run(milliseconds: 2_500)
        #expect(!exchange.isOver)
        rig.world.run(milliseconds: 1_000)
        #expect(exchange.response?.reason == "upstream_timeout")
        rig.world.run(milliseconds: 100)
        #expect(rig.shutDown() == [])
    }

    @Test("A cancelled call takes its requests along", arguments: [true, false])
    func cancelledCall(http: Bool) {
        let (rig, server, client, exchange) = asking(http)
        let stream = client.stream()
        rig.world.settle()
        _ = client.notify("notifications/cancelled", ["requestId": "c"], loop: 2)
        rig.world.run { exchange.isOver }
        rig.world.run(milliseconds: 100)
        #expect(server.answers.first?[path: "error", "data", "attune", "reason"] as? String == "call_ended")
        #expect(cancels(stream.notifications) == [exchange.requests.first?["id"] as? Int])
        _ = client.answer(exchange.requests.first?["id"], empty)
        rig.world.run(milliseconds: 50)
        #expect(server.answers.count == 1)
        rig.leave(stream)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A request that the server takes back is taken back from the client, whose late answer is dropped",
        arguments: [true, false])
    func takenBack(http: Bool) {
        let (rig, server, client, exchange) = asking(http, requests: [["id": "r", "method": "roots/list"]])
        let stream = client.stream()
        rig.world.run { !http || server.streams.count > 1 }
        let peer =
            http
            ? server.sessions.values.first { $0.unasked != nil && !$0.capabilities.isEmpty }
            : server.liveProcesses.last?.peer
        peer?.unasked?(ScriptedServer.notification("notifications/cancelled", ["requestId": "r"]))
        rig.world.run { !cancels(exchange.notifications + stream.notifications).isEmpty }
        #expect(cancels(exchange.notifications) == [exchange.requests.first?["id"] as? Int])
        _ = client.answer(exchange.requests.first?["id"], empty)
        rig.world.run(milliseconds: 50)
        #expect(server.answers.isEmpty)
        _ = client.notify("notifications/cancelled", ["requestId": "c"])
        rig.world.run { exchange.isOver }
        rig.leave(stream)
        #expect(rig.shutDown() == [])
    }

    @Test("A server that dies while its client is asked leaves nothing", arguments: [true, false])
    func serverDies(http: Bool) {
        let (rig, server, client, exchange) = asking(http)
        server.die()
        rig.world.run { exchange.isOver }
        #expect(exchange.response?.reason == "upstream_unavailable")
        let answer = client.answer(exchange.requests.first?["id"], empty)
        rig.world.run { answer.isOver }
        #expect(answer.status == 202)
        rig.world.run(milliseconds: 100)
        #expect(server.answers.isEmpty || http)
        #expect(rig.leftovers() == [])
    }

    @Test("A session that ends takes its requests along", arguments: [true, false])
    func sessionEnds(http: Bool) {
        let (rig, _, client, exchange) = asking(http)
        let end = client.end(loop: 2)
        rig.world.run { end.isOver && exchange.isOver }
        rig.world.run(milliseconds: 100)
        #expect(rig.shutDown() == [])
    }

    @Test("A legacy client that leaves the answer is asked on its stream, and may come back to answer")
    func leaves() {
        let server = AskingTests.server(true)
        let rig = Rig([server], loops: 2).started()
        let client = rig.session(capabilities: AskingTests.everything)
        let exchange = client.call("s__hold")
        rig.world.run { !server.held.isEmpty }
        rig.leave(exchange)
        rig.world.settle()
        guard let held = server.held.first else { return }
        let message: JSONObject = ["jsonrpc": "2.0", "id": 1, "method": "roots/list"]
        var answers: [JSONObject] = []
        server.ask(held.peer, [message]) { answers += $0 }
        held.notify(message)
        rig.world.run(milliseconds: 1_000)
        let stream = client.stream(loop: 1)
        rig.world.run { !stream.requests.isEmpty }
        _ = client.answer(stream.requests.first?["id"], empty)
        rig.world.run { !answers.isEmpty }
        #expect(answers.first?.result != nil)
        server.release()
        rig.world.run(milliseconds: 100)
        rig.leave(stream)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "Too many requests are refused as overload, the same id twice as invalid; the rest are answered",
        arguments: [true, false])
    func bounds(http: Bool) {
        let requests = (1...(OpenServerRequests.maxCount + 2)).map {
            ["id": $0, "method": "roots/list"] as JSONObject
        }
        let server = AskingTests.server(http)
        let rig = Rig([server], loops: 2).started()
        let client = rig.session(capabilities: AskingTests.everything)
        let again: JSONObject = ["id": 1, "method": "roots/list", "params": [:] as JSONObject]
        // What is the same in every byte is a stream's repetition, and is passed over.
        let exchange = client.call("s__ask", ["requests": requests + [again, requests[1]]])
        rig.world.run(milliseconds: 100)
        #expect(exchange.requests.count == OpenServerRequests.maxCount)
        #expect(server.answers.compactMap(\.errorCode).sorted() == [-32600, 1004, 1004])
        for request in exchange.requests { _ = client.answer(request["id"], empty) }
        rig.world.run { exchange.isOver }
        #expect(rig.shutDown() == [])
    }

    @Test(
        "Progress of the client reaches the server under the server's token; nobody else's does",
        arguments: [true, false])
    func progress(http: Bool) {
        let requests: [JSONObject] = [
            ["id": 1, "method": "roots/list", "params": ["_meta": ["progressToken": "t"]]],
            ["id": 2, "method": "roots/list"],
        ]
        let (rig, server, client, exchange) = asking(http, requests: requests)
        let ids = exchange.requests.compactMap { $0["id"] as? Int }
        #expect(exchange.requests.first?[path: "params", "_meta", "progressToken"] as? Int == ids.first)
        for token in ids.map({ $0 as Any }) + [99, "t"] {
            let note = client.notify("notifications/progress", ["progressToken": token, "progress": 1])
            rig.world.run { note.isOver }
        }
        rig.world.run(milliseconds: 50)
        #expect(server.notes.map { $0.params["progressToken"] as? String } == ["t"])
        for id in ids { _ = client.answer(id, empty) }
        rig.world.run { exchange.isOver }
        _ = client.notify("notifications/progress", ["progressToken": ids.first ?? 0, "progress": 2])
        rig.world.run(milliseconds: 50)
        #expect(server.notes.count == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("Changed roots are told to every legacy server of the session", arguments: [true, false])
    func rootsChanged(http: Bool) {
        let servers = ["a", "b", "c"].map {
            ScriptedServer($0, $0 == "c" ? .modern : .legacy, http ? .http : .process)
        }
        let rig = Rig(servers, loops: 2).started()
        let client = rig.session(capabilities: AskingTests.everything)
        for server in servers {
            let exchange = client.call("\(server.name)__echo")
            rig.world.run { exchange.isOver }
        }
        _ = client.notify("notifications/roots/list_changed", loop: 1)
        rig.world.run(milliseconds: 100)
        #expect(servers.map(\.notes.count) == [1, 1, 0])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "The end of an elicitation at a URL is told to its client", arguments: [true, false],
        ["/mcp", "/mcp/s"])
    func elicitationComplete(onCall: Bool, path: String) {
        let server = ScriptedServer("s", .legacy, onCall ? .http : .process)
        let rig = Rig([server], loops: 2).started()
        let client = rig.session(at: path, capabilities: AskingTests.everything)
        let exchange = client.call(path == "/mcp" ? "s__hold" : "hold", loop: 1)
        rig.world.run { !server.held.isEmpty }
        server.held.first?.notify(
            ScriptedServer.notification("notifications/elicitation/complete", ["elicitationId": "e"]))
        rig.world.run { !exchange.notifications.isEmpty }
        #expect(exchange.notifications.first?.params["elicitationId"] as? String == "e")
        server.release()
        rig.world.run { exchange.isOver }
        #expect(rig.shutDown() == [])
    }

    @Test("What a server asks before the client is initialized waits until it is")
    func beforeInitialized() {
        let server = AskingTests.server(false)
        let rig = Rig([server], loops: 2).started()
        let client = rig.session(at: "/mcp/s", initialized: false, capabilities: AskingTests.everything)
        let stream = client.stream()
        guard let peer = server.liveProcesses.last?.peer, !peer.capabilities.isEmpty else {
            Issue.record("the greeting opened no link")
            return
        }
        var answers: [JSONObject] = []
        let message: JSONObject = ["jsonrpc": "2.0", "id": 1, "method": "roots/list"]
        server.ask(peer, [message]) { answers += $0 }
        peer.unasked?(message)
        rig.world.run(milliseconds: 1_000)
        #expect(stream.requests.isEmpty)
        _ = client.notify("notifications/initialized", loop: 1)
        rig.world.run { !stream.requests.isEmpty }
        _ = client.answer(stream.requests.first?["id"], empty)
        rig.world.run { !answers.isEmpty }
        #expect(answers.first?.result != nil)
        rig.leave(stream)
        #expect(rig.shutDown() == [])
    }
}
