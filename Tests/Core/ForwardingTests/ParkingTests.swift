import Testing

@testable import Forwarding

/// What legacy servers ask of modern clients.
@Suite struct ParkingTests {
    private static var roots: JSONObject { ["id": 1, "method": "roots/list"] }
    private static var form: JSONObject {
        [
            "id": "e", "method": "elicitation/create",
            "params": [
                "mode": "form", "message": "who?", "requestedSchema": ["type": "object"],
                "_meta": ["progressToken": 5],
            ],
        ]
    }

    private func rig(_ http: Bool, loops: Int = 3) -> (Rig, ScriptedServer) {
        let server = AskingTests.server(http)
        server.tools = ["ask", "hold", "echo", "chat"]
        return (Rig([server], loops: loops).started(), server)
    }

    private func meta(_ capabilities: JSONObject = AskingTests.everything) -> JSONObject {
        ["io.modelcontextprotocol/clientCapabilities": capabilities]
    }

    private func params(_ requests: [JSONObject], unasked: Bool = false, tool: String = "s__ask")
        -> JSONObject
    {
        ["name": tool, "arguments": ["requests": requests, "unasked": unasked]]
    }

    private func send(_ rig: Rig, _ params: JSONObject, loop: Int = 0, extra: JSONObject = [:])
        -> ClientExchange
    {
        let exchange = rig.modern("tools/call", params.merging(extra) { $1 }, loop: loop, meta: meta())
        rig.world.run { exchange.isOver }
        return exchange
    }

    private func state(_ exchange: ClientExchange) -> String {
        exchange.response?.result?["requestState"] as? String ?? ""
    }

    private func keys(_ exchange: ClientExchange) -> [String] {
        (exchange.response?.result?["inputRequests"] as? JSONObject ?? [:]).keys.sorted()
    }

    private func answers(_ keys: [String], _ result: JSONObject, _ state: String) -> JSONObject {
        [
            "inputResponses": Dictionary(uniqueKeysWithValues: keys.map { ($0, result) }),
            "requestState": state,
        ]
    }

    private func reason(_ exchange: ClientExchange) -> String? {
        exchange.response?[path: "error", "data", "attune", "reason"] as? String
    }

    @Test(
        "A legacy server's question parks the call, and the retry on any loop carries the answer to the server and its result back",
        arguments: [true, false], [true, false])
    func resumed(http: Bool, unasked: Bool) {
        let (rig, server) = rig(http)
        let first = send(rig, params([Self.form, Self.roots], unasked: unasked), loop: 1)
        #expect(first.status == 200)
        #expect(first.response?.result?["resultType"] as? String == "input_required")
        let asked = first.response?.result?["inputRequests"] as? JSONObject ?? [:]
        #expect(asked.count == 2)
        let elicitation = asked.values.compactMap { $0 as? JSONObject }.first {
            $0.method == "elicitation/create"
        }
        #expect(elicitation?.params["message"] as? String == "who?")
        #expect(elicitation?.params["_meta"] == nil && elicitation?["id"] == nil)
        #expect(rig.gateway.loops.allSatisfy { $0.calls.count == 0 })
        #expect(rig.gateway.view.hubs.allSatisfy { hub in hub.admission.withLock { $0.running } == 0 })
        let second = send(
            rig, params([Self.form, Self.roots], unasked: unasked), loop: 2,
            extra: answers(keys(first), ["action": "accept"], state(first)))
        #expect(second.response?.text == #"{"action":"accept"} | {"action":"accept"}"#)
        #expect(second.response?.result?["resultType"] as? String == "complete")
        #expect(server.answers.map { ScriptedServer.key($0["id"]) }.sorted() == ["\"e\"", "1"])
        #expect(server.count("tools/call") == 1)
        #expect(rig.gateway.parkedCalls.count == 0)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A link declares what the client of the request declared, one link for each",
        arguments: [true, false])
    func declared(http: Bool) {
        let (rig, server) = rig(http)
        for capabilities in [
            AskingTests.everything, [:], ["elicitation": [:] as JSONObject],
            ["elicitation": ["form": [:] as JSONObject]],
        ] {
            let exchange = rig.modernCall("s__echo", ["text": "x"], meta: meta(capabilities))
            rig.world.run { exchange.isOver }
        }
        let peers = http ? Array(server.sessions.values) : server.liveProcesses.map(\.peer)
        let declared = peers.map { String(decoding: JSON.bytes($0.capabilities), as: UTF8.self) }
        // One is the gateway's own, and one of a client that declares nothing.
        #expect(
            declared.sorted() == [
                #"{"elicitation":{"form":{},"url":{}},"roots":{},"sampling":{"tools":{}}}"#,
                #"{"elicitation":{"form":{}}}"#, "{}", "{}",
            ])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A modern client that did not declare what a legacy server asks is told so, and the server gets an error",
        arguments: [true, false])
    func undeclared(http: Bool) {
        let (rig, server) = rig(http)
        let exchange = rig.modern("tools/call", params([Self.form]), meta: meta(["roots": [:] as JSONObject]))
        rig.world.run { exchange.isOver }
        #expect(exchange.status == 400)
        #expect(exchange.response?.errorCode == -32021)
        #expect(
            exchange.response?[path: "error", "data", "requiredCapabilities", "elicitation", "form"] != nil)
        rig.world.run(milliseconds: 50)
        #expect(server.answers.first?.errorCode == -32601)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "Links that all clients share declare nothing, and their servers are refused",
        arguments: [true, false])
    func shared(http: Bool) {
        let server = AskingTests.server(http)
        server.isShared = true
        server.keepsSessions = false
        let rig = Rig([server]).started()
        let exchange = send(rig, params([Self.roots]))
        #expect(http || exchange.response?.text?.hasPrefix("error -32601") == true)
        if http { rig.leave(exchange) }
        rig.world.run(milliseconds: 100)
        #expect(server.answers.first?.errorCode == -32601)
    }

    @Test(
        "A question that the retry leaves out is asked again; unknown keys are ignored",
        arguments: [true, false])
    func missing(http: Bool) {
        let (rig, server) = rig(http)
        let first = send(rig, params([Self.form, Self.roots]))
        let some = Array(keys(first).prefix(1))
        let second = send(
            rig, params([Self.form, Self.roots]), loop: 1,
            extra: answers(some + ["other"], ["n": 1], state(first)))
        #expect(second.response?.result?["resultType"] as? String == "input_required")
        #expect(keys(second) == Array(keys(first).dropFirst()))
        let none = send(rig, params([Self.form, Self.roots]), extra: ["requestState": state(second)])
        #expect(keys(none) == keys(second))
        let last = send(
            rig, params([Self.form, Self.roots]), loop: 2, extra: answers(keys(none), ["n": 2], state(none)))
        #expect(last.response?.text?.contains(#"{"n":2}"#) == true)
        #expect(server.answers.count == 2)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "What the server asks later is the next round; progress and the result come to the request that waits",
        arguments: [true, false])
    func rounds(http: Bool) {
        let (rig, server) = rig(http)
        let hold: JSONObject = ["name": "s__hold", "arguments": ["number": 3]]
        var exchange = rig.modern(
            "tools/call", hold, loop: 0, meta: meta().merging(["progressToken": "a"]) { $1 })
        rig.world.run { !server.held.isEmpty }
        guard let held = server.held.first else { return }
        var got: [JSONObject] = []
        for round in 1...3 {
            let message: JSONObject = ["jsonrpc": "2.0", "id": round, "method": "roots/list"]
            server.ask(held.peer, [message]) { got += $0 }
            held.notify(ScriptedServer.progress(held.token ?? "", round))
            held.notify(message)
            rig.world.run { exchange.isOver }
            #expect(
                exchange.notifications.map { $0.params["progressToken"] as? String } == [
                    round == 1 ? "a" : "b"
                ])
            exchange = rig.modern(
                "tools/call", hold.merging(answers(keys(exchange), ["round": round], state(exchange))) { $1 },
                loop: round % 3, meta: meta().merging(["progressToken": "b"]) { $1 })
            rig.world.run { got.count == round }
            #expect(got.last?.result?["round"] as? Int == round)
        }
        server.release()
        rig.world.run { exchange.isOver }
        #expect(exchange.response?.text == "held 3")
        #expect(server.count("tools/call") == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("An answer that comes while the client is away waits for it", arguments: [true, false])
    func answeredMeanwhile(http: Bool) {
        let (rig, server) = rig(http)
        let hold: JSONObject = ["name": "s__hold", "arguments": ["number": 3]]
        let exchange = rig.modern("tools/call", hold, meta: meta())
        rig.world.run { !server.held.isEmpty }
        server.held.first?.notify(["jsonrpc": "2.0", "id": 1, "method": "roots/list"])
        rig.world.run { exchange.isOver }
        server.release()
        rig.world.run(milliseconds: 100)
        let again = send(rig, hold, loop: 2, extra: answers(keys(exchange), [:], state(exchange)))
        #expect(again.response?.text == "held 3")
        let late = send(rig, hold, loop: 2, extra: answers(keys(exchange), [:], state(exchange)))
        #expect(reason(late) == "request_state_ended")
        #expect(rig.shutDown() == [])
    }

    @Test("A state that is not this client's, not this request's, or spent, is refused by name")
    func wrongStates() {
        let (rig, _) = rig(true)
        let first = send(rig, params([Self.roots]))
        let good = state(first)
        #expect(!good.isEmpty)
        let responses: JSONObject = ["inputResponses": [:] as JSONObject]
        for tampered in ["", "x", String(good.dropLast()), good + "A", String(good.reversed())] {
            let exchange = send(
                rig, params([Self.roots]), extra: responses.merging(["requestState": tampered]) { $1 })
            #expect(exchange.response?.errorCode == -32602)
            #expect(reason(exchange) == "request_state_invalid")
            #expect(exchange.status == 400)
        }
        let other = Rig([AskingTests.server(true)]).started()
        let elsewhere = send(other, params([Self.roots]), extra: ["requestState": good])
        #expect(reason(elsewhere) == "request_state_elsewhere")
        let changed = send(rig, params([Self.form]), extra: ["requestState": good])
        #expect(reason(changed) == "request_state_mismatch")
        for wrong in [3, ["a": 1] as JSONObject] as [Any] {
            let exchange = send(rig, params([Self.roots]), extra: ["requestState": wrong])
            #expect(exchange.response?.errorCode == -32602)
        }
        for wrong in [3, [keys(first)[0]: "text"] as JSONObject] as [Any] {
            let exchange = send(
                rig, params([Self.roots]), extra: ["requestState": good, "inputResponses": wrong])
            #expect(exchange.response?.errorCode == -32602)
        }
        // None of these has harmed the call.
        let last = send(rig, params([Self.roots]), extra: answers(keys(first), [:], good))
        #expect(last.response?.text == "{}")
        let spent = send(rig, params([Self.roots]), extra: answers(keys(first), [:], good))
        #expect(reason(spent) == "request_state_ended")
        #expect(rig.shutDown() == [])
        #expect(other.shutDown() == [])
    }

    @Test("A state is of no use to another principal, and its own goes on with it")
    func foreign() {
        let server = AskingTests.server(true)
        let rig = Rig([server], access: AccessPlan(authenticator: NamedKeys(), rules: [])).started()
        func send(_ key: String, _ extra: JSONObject = [:]) -> ClientExchange {
            let exchange = rig.modern(
                "tools/call", params([Self.roots]).merging(extra) { $1 }, meta: meta(), key: key)
            rig.world.run { exchange.isOver }
            return exchange
        }
        let first = send("ada")
        let retry = answers(keys(first), [:], state(first))
        let stolen = send("eve", retry)
        #expect(stolen.response?.errorCode == -32602)
        #expect(reason(stolen) == "request_state_invalid")
        #expect(server.answers.isEmpty)
        #expect(send("ada", retry).response?.text == "{}")
        #expect(rig.shutDown() == [])
    }

    @Test("A retry that comes twice goes on once", arguments: [true, false])
    func twice(http: Bool) {
        let (rig, server) = rig(http)
        let hold: JSONObject = ["name": "s__hold", "arguments": ["number": 3]]
        let exchange = rig.modern("tools/call", hold, meta: meta())
        rig.world.run { !server.held.isEmpty }
        server.held.first?.notify(["jsonrpc": "2.0", "id": 1, "method": "roots/list"])
        rig.world.run { exchange.isOver }
        let retry = hold.merging(answers(keys(exchange), [:], state(exchange))) { $1 }
        let both = [1, 2].map { rig.modern("tools/call", retry, loop: $0, meta: meta()) }
        rig.world.run { both.contains(where: \.isOver) }
        #expect(reason(both.first(where: \.isOver) ?? exchange) == "request_state_used")
        server.release()
        rig.world.run { both.allSatisfy(\.isOver) }
        #expect(both.compactMap { $0.response?.text } == ["held 3"])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A client that does not come back ends the call at the server after its time",
        arguments: [true, false])
    func expires(http: Bool) {
        let (rig, server) = rig(http)
        let first = send(rig, params([Self.roots]))
        rig.world.run(milliseconds: 9 * 60_000)
        #expect(rig.gateway.parkedCalls.count == 1)
        rig.world.run(milliseconds: 61_000)
        #expect(rig.gateway.parkedCalls.count == 0)
        #expect(reason(ClientExchange(loop: rig.world.loops[0])) == nil)
        #expect(
            server.answers.first?[path: "error", "data", "attune", "reason"] as? String == "client_timeout")
        let late = send(rig, params([Self.roots]), extra: answers(keys(first), [:], state(first)))
        #expect(reason(late) == "request_state_expired")
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A client that goes away once it has come back cancels the call at the server",
        arguments: [true, false])
    func leaves(http: Bool) {
        let (rig, server) = rig(http)
        let hold: JSONObject = ["name": "s__hold", "arguments": ["number": 3]]
        let exchange = rig.modern("tools/call", hold, loop: 1, meta: meta())
        rig.world.run { !server.held.isEmpty }
        server.held.first?.notify(["jsonrpc": "2.0", "id": 1, "method": "roots/list"])
        rig.world.run { exchange.isOver }
        let retry = rig.modern(
            "tools/call", hold.merging(answers(keys(exchange), [:], state(exchange))) { $1 }, loop: 2,
            meta: meta())
        rig.world.run { !server.answers.isEmpty }
        rig.leave(retry)
        rig.world.run(milliseconds: 100)
        #expect(server.cancelled.count == 1 && server.held.isEmpty)
        #expect(rig.gateway.parkedCalls.count == 0)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "The time of a resumed call counts anew, and its end ends the call at the server",
        arguments: [true, false])
    func deadline(http: Bool) {
        let (rig, server) = rig(http)
        let hold: JSONObject = ["name": "s__hold", "arguments": ["number": 3]]
        let exchange = rig.modern("tools/call", hold, loop: 1, meta: meta())
        rig.world.run { !server.held.isEmpty }
        server.held.first?.notify(["jsonrpc": "2.0", "id": 1, "method": "roots/list"])
        rig.world.run { exchange.isOver }
        rig.world.run(milliseconds: 5 * 60_000)
        let retry = rig.modern(
            "tools/call", hold.merging(answers(keys(exchange), [:], state(exchange))) { $1 }, loop: 2,
            meta: meta())
        rig.world.run(milliseconds: 29_000)
        #expect(!retry.isOver)
        rig.world.run(milliseconds: 2_000)
        #expect(retry.response?.reason == "upstream_timeout")
        #expect(server.cancelled.count == 1)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A server that dies while its client is away is reported when the client comes back",
        arguments: [true, false])
    func serverDies(http: Bool) {
        let (rig, server) = rig(http)
        let first = send(rig, params([Self.roots]))
        server.die()
        rig.world.run(milliseconds: 100)
        server.isUp = true
        rig.world.run(milliseconds: 5_000)
        let late = send(rig, params([Self.roots]), extra: answers(keys(first), [:], state(first)))
        #expect(late.response?.reason == "upstream_unavailable")
        #expect(rig.gateway.parkedCalls.count == 0)
        #expect(server.count("tools/call") == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A question that the server takes back is not waited for", arguments: [true, false])
    func takenBack(http: Bool) {
        let (rig, server) = rig(http)
        let hold: JSONObject = ["name": "s__hold", "arguments": ["number": 3]]
        let exchange = rig.modern("tools/call", hold, loop: 1, meta: meta())
        rig.world.run { !server.held.isEmpty }
        server.held.first?.notify(["jsonrpc": "2.0", "id": 1, "method": "roots/list"])
        rig.world.run { exchange.isOver }
        server.held.first?.notify(ScriptedServer.notification("notifications/cancelled", ["requestId": 1]))
        rig.world.run(milliseconds: 50)
        let retry = rig.modern(
            "tools/call", hold.merging(["requestState": state(exchange)]) { $1 }, loop: 2, meta: meta())
        rig.world.run(milliseconds: 100)
        #expect(!retry.isOver)
        server.release()
        rig.world.run { retry.isOver }
        #expect(retry.response?.text == "held 3")
        #expect(server.answers.isEmpty)
        #expect(rig.shutDown() == [])
    }

    @Test("Where no answer may ask, and where several calls might be meant, the server is refused")
    func refused() {
        let (rig, server) = rig(false)
        let hold: JSONObject = ["name": "s__hold", "arguments": [:] as JSONObject]
        let calls = (0..<2).map { rig.modern("tools/call", hold, loop: $0, meta: meta()) }
        rig.world.run { server.held.count == 2 }
        var got: [JSONObject] = []
        let message: JSONObject = ["jsonrpc": "2.0", "id": 1, "method": "roots/list"]
        if let peer = server.held.first?.peer {
            server.ask(peer, [message]) { got += $0 }
            peer.unasked?(message)
        }
        rig.world.run { !got.isEmpty }
        #expect(got.first?[path: "error", "data", "attune", "reason"] as? String == "no_call")
        let peer = server.held.first?.peer
        server.release()
        rig.world.run { calls.allSatisfy(\.isOver) }
        if let peer {
            server.ask(peer, [message]) { got += $0 }
            peer.unasked?(message)
        }
        rig.world.run { got.count == 2 }
        #expect(got.last?[path: "error", "data", "attune", "reason"] as? String == "no_call")
        #expect(rig.shutDown() == [])
    }

    @Test("Parked calls are bounded; one more is refused to its server, and the call goes on")
    func bounds() {
        let (rig, server) = rig(true)
        let declared = ["sampling", "elicitation"].map { [$0: [:] as JSONObject] as JSONObject }
        let first = (0..<ParkedCalls.maxPerPrincipal).map { number in
            let capabilities = declared[number % 2].merging(["roots": [:] as JSONObject]) { $1 }
            return rig.modern(
                "tools/call", params([["id": number, "method": "roots/list"]]), loop: 1,
                meta: meta(capabilities))
        }
        rig.world.run { first.allSatisfy(\.isOver) }
        #expect(rig.gateway.parkedCalls.count == ParkedCalls.maxPerPrincipal)
        let more = send(rig, params([Self.roots]))
        #expect(more.response?.text?.hasPrefix("error 1004") == true)
        #expect(server.answers.count == 1)
        #expect(rig.shutDown() == [])
        #expect(rig.gateway.parkedCalls.count == 0)
    }

    @Test(
        "A page that a legacy server wants opened is asked of a modern client, whose retry calls again",
        arguments: [true, false])
    func pages(http: Bool) {
        let (rig, server) = rig(http)
        let signin: JSONObject = ["name": "s__signin", "arguments": [:] as JSONObject]
        server.tools.append("signin")
        server.announce()
        rig.world.run(milliseconds: 1_000)
        let first = send(rig, signin)
        let asked = first.response?.result?["inputRequests"] as? JSONObject ?? [:]
        #expect(asked.count == 1 && first.response?.result?["requestState"] == nil)
        let question = asked.values.first as? JSONObject
        #expect(question?.method == "elicitation/create")
        #expect(
            question.map { Set($0.params.keys) } == ["mode", "url", "message"]
                && question?.params["url"] as? String == "https://example.org/")
        server.isSignedIn = true
        let responses = asked.mapValues { _ in ["action": "accept"] }
        let second = send(rig, signin, loop: 1, extra: ["inputResponses": responses])
        #expect(second.response?.text == "welcome")
        server.isSignedIn = false
        let declined = send(
            rig, signin, extra: ["inputResponses": asked.mapValues { _ in ["action": "decline"] }])
        #expect(declined.response?.errorCode == -32042)
        let unable = rig.modern("tools/call", signin, meta: meta(["elicitation": [:] as JSONObject]))
        rig.world.run { unable.isOver }
        #expect(unable.response?.errorCode == -32021 && unable.status == 400)
        let legacy = rig.session(capabilities: AskingTests.everything).post("tools/call", signin)
        rig.world.run { legacy.isOver }
        #expect(legacy.response?.errorCode == -32042)
        #expect(rig.shutDown() == [])
    }

    @Test("A line connection's client comes back on another connection")
    func lines() {
        let (rig, _) = rig(false)
        let channels = [rig.lines(loop: 1), rig.lines(loop: 2)]
        rig.write(Rig.modernMessage("tools/call", params([Self.roots]), id: 7, meta: meta()), to: channels[0])
        rig.world.run { channels[0].response(7) != nil }
        let result = channels[0].response(7)?.result
        channels[0].close()
        let keys = (result?["inputRequests"] as? JSONObject ?? [:]).keys.sorted()
        let retry = params([Self.roots]).merging(
            answers(keys, ["n": 1], result?["requestState"] as? String ?? "")
        ) { $1 }
        rig.write(Rig.modernMessage("tools/call", retry, id: 7, meta: meta()), to: channels[1])
        rig.world.run { channels[1].response(7) != nil }
        #expect(channels[1].response(7)?.text == #"{"n":1}"#)
        channels[1].close()
        #expect(rig.shutDown() == [])
    }
}
