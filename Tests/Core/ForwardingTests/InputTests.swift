import Testing

@testable import Forwarding

/// What modern servers ask of clients of both eras.
@Suite struct InputTests {
    private static var form: JSONObject {
        [
            "method": "elicitation/create",
            "params": ["mode": "form", "message": "who?", "requestedSchema": ["type": "object"]],
        ]
    }
    private static var url: JSONObject {
        [
            "method": "elicitation/create",
            "params": ["mode": "url", "message": "go", "url": "https://example.org/"],
        ]
    }
    private static var roots: JSONObject { ["method": "roots/list"] }
    private static var sampling: JSONObject {
        ["method": "sampling/createMessage", "params": ["messages": [] as [Any], "maxTokens": 3]]
    }

    private func rig(_ http: Bool, loops: Int = 3) -> (Rig, ScriptedServer) {
        let server = ScriptedServer("s", .modern, http ? .http : .process)
        server.tools = ["inputs", "echo"]
        return (Rig([server], loops: loops).started(), server)
    }

    private func meta(_ capabilities: JSONObject) -> JSONObject {
        ["io.modelcontextprotocol/clientCapabilities": capabilities]
    }

    private func arguments(_ rounds: [JSONObject]) -> JSONObject { ["rounds": rounds] }

    // MARK: Modern clients

    @Test(
        "A modern client is passed what the server asks, and its answers and the state go back as they are",
        arguments: [true, false])
    func passed(http: Bool) {
        let (rig, server) = rig(http)
        let rounds = [["a": Self.form, "b": Self.roots], ["c": Self.sampling]]
        let capabilities = meta(AskingTests.everything)
        var params: JSONObject = ["name": "s__inputs", "arguments": arguments(rounds)]
        for (number, round) in rounds.enumerated() {
            let exchange = rig.modern("tools/call", params, loop: number % 3, meta: capabilities)
            rig.world.run { exchange.isOver }
            #expect(exchange.response?.result?["resultType"] as? String == "input_required")
            let asked = exchange.response?.result?["inputRequests"] ?? [:]
            #expect(JSON.bytes(asked) == JSON.bytes(round))
            params["requestState"] = exchange.response?.result?["requestState"]
            #expect(params["requestState"] as? String == "\(ScriptedServer.statePrefix)\(number + 1)")
            params["inputResponses"] = round.mapValues { _ in ["n": number] }
        }
        let last = rig.modern("tools/call", params, loop: 2, meta: capabilities)
        rig.world.run { last.isOver }
        #expect(last.response?.text == #"{"c":{"n":1}}"#)
        let declared = server.inputCalls.compactMap { $0["_meta"] as? JSONObject }
        #expect(
            declared.allSatisfy {
                JSON.bytes($0["io.modelcontextprotocol/clientCapabilities"] ?? "")
                    == JSON.bytes(AskingTests.everything)
            })
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A modern client that did not declare what the server asks in this request is told what is missing, and nothing else",
        arguments: [true, false])
    func undeclaredModern(http: Bool) {
        let (rig, _) = rig(http)
        let cases: [(JSONObject, JSONObject, [String])] = [
            ([:], Self.form, ["elicitation", "form"]),
            (["elicitation": ["form": [:] as JSONObject]], Self.url, ["elicitation", "url"]),
            (["elicitation": [:] as JSONObject], Self.sampling, ["sampling"]),
            (["sampling": [:] as JSONObject], Self.roots, ["roots"]),
        ]
        for (declared, asked, missing) in cases {
            let exchange = rig.modernCall(
                "s__inputs", arguments([["q": asked, "r": asked]]), meta: meta(declared))
            rig.world.run { exchange.isOver }
            #expect(exchange.status == 400)
            #expect(exchange.response?.errorCode == -32021)
            var required = exchange.response?[path: "error", "data", "requiredCapabilities"]
            for key in missing { required = (required as? JSONObject)?[key] }
            #expect(required != nil)
            #expect(exchange.response?["result"] == nil)
        }
        #expect(rig.shutDown() == [])
    }

    // MARK: Legacy clients

    @Test(
        "A legacy client is asked all questions of a round at once, and the call goes on with its answers, round after round",
        arguments: [true, false], [true, false])
    func bridged(http: Bool, transparent: Bool) {
        let (rig, server) = rig(http)
        let client = rig.session(at: transparent ? "/mcp/s" : "/mcp", capabilities: AskingTests.everything)
        let rounds: [JSONObject] = [
            ["a": Self.form, "b": Self.roots], [:], ["c": Self.sampling, "d": Self.url],
        ]
        let exchange = client.call(
            transparent ? "inputs" : "s__inputs", arguments(rounds), loop: 1, token: "t")
        rig.world.run { exchange.requests.count == 2 }
        #expect(Set(exchange.requests.compactMap(\.method)) == ["elicitation/create", "roots/list"])
        for (number, request) in exchange.requests.enumerated() {
            _ = client.answer(request["id"], ["of": request.method ?? ""], loop: number)
        }
        rig.world.run { exchange.requests.count == 4 }
        #expect(
            JSON.bytes(server.inputCalls.dropFirst().first?["inputResponses"] ?? "")
                == JSON.bytes(["a": ["of": "elicitation/create"], "b": ["of": "roots/list"]]))
        #expect(server.inputCalls.last?["inputResponses"] == nil)
        let late = exchange.requests.suffix(2)
        let atURL = late.first { $0.method == "elicitation/create" }
        #expect((atURL?.params["elicitationId"] as? String)?.isEmpty == false)
        #expect(atURL?.params["url"] as? String == "https://example.org/")
        for request in late { _ = client.answer(request["id"], ["of": request.method ?? ""], loop: 2) }
        rig.world.run { exchange.isOver }
        #expect(
            exchange.response?.text
                == #"{"c":{"of":"sampling/createMessage"},"d":{"of":"elicitation/create"}}"#)
        #expect(server.inputCalls.count == 4)
        #expect(
            server.inputCalls.dropFirst().map { $0["requestState"] as? String }
                == (1...3).map { "\(ScriptedServer.statePrefix)\($0)" })
        #expect(
            server.inputCalls.allSatisfy {
                JSON.bytes($0["arguments"] ?? "") == JSON.bytes(arguments(rounds))
            })
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A modern server is told what the legacy client declared, but not its tasks",
        arguments: [true, false])
    func declared(http: Bool) {
        let (rig, server) = rig(http)
        var capabilities = AskingTests.everything
        capabilities["tasks"] = ["list": [:] as JSONObject]
        let exchange = rig.session(capabilities: capabilities).call("s__inputs")
        rig.world.run { exchange.isOver }
        let seen = server.inputCalls.first?[path: "_meta", "io.modelcontextprotocol/clientCapabilities"]
        #expect(JSON.bytes(seen ?? "") == JSON.bytes(AskingTests.everything))
        #expect(rig.shutDown() == [])
    }

    @Test(
        "What a legacy client did not declare fails its call, and nothing is sent to it",
        arguments: [true, false])
    func undeclaredLegacy(http: Bool) {
        let (rig, _) = rig(http)
        let client = rig.session(capabilities: ["roots": [:] as JSONObject])
        let exchange = client.call("s__inputs", arguments([["a": Self.roots, "b": Self.form]]))
        rig.world.run { exchange.isOver }
        #expect(exchange.requests.isEmpty)
        #expect(exchange.response?.errorCode == -32021)
        #expect(exchange.response?[path: "error", "data", "requiredCapabilities", "elicitation"] != nil)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A refused elicitation goes on as cancelled; a refused sampling fails the call with the client's error"
    )
    func refused() {
        let (rig, server) = rig(true)
        let client = rig.session(capabilities: AskingTests.everything)
        let elicited = client.call("s__inputs", arguments([["a": Self.form]]))
        rig.world.run { !elicited.requests.isEmpty }
        _ = client.refuse(elicited.requests.first?["id"], code: -32603)
        rig.world.run { elicited.isOver }
        #expect(elicited.response?.text == #"{"a":{"action":"cancel"}}"#)
        let sampled = client.call("s__inputs", arguments([["a": Self.sampling, "b": Self.roots]]))
        rig.world.run { sampled.requests.count == 2 }
        let sampling = sampled.requests.first { $0.method == "sampling/createMessage" }
        _ = client.refuse(sampling?["id"], code: -1)
        rig.world.run { sampled.isOver }
        #expect(sampled.response?.errorCode == -1)
        #expect(server.inputCalls.count == 3)
        #expect(rig.shutDown() == [])
    }

    @Test("A server that asks over and over, or asks nothing, is stopped", arguments: [true, false])
    func bounds(http: Bool) {
        let (rig, server) = rig(http)
        let client = rig.session(capabilities: AskingTests.everything)
        let many = Array(repeating: [:] as JSONObject, count: 20)
        let exchange = client.call("s__inputs", arguments(many))
        rig.world.run { exchange.isOver }
        #expect(exchange.response?.reason == "upstream_protocol_error")
        #expect(server.inputCalls.count == InputRound.maxRounds + 1)
        let unknown = client.call("s__inputs", arguments([["a": ["method": "ping"]]]))
        rig.world.run { unknown.isOver }
        #expect(unknown.response?.reason == "upstream_protocol_error")
        #expect(unknown.requests.isEmpty)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "Nobody's time but the server's counts, and a client that never answers fails the call",
        arguments: [true, false])
    func silent(http: Bool) {
        let (rig, _) = rig(http)
        let client = rig.session(capabilities: AskingTests.everything)
        let slow = client.call("s__inputs", arguments([["a": Self.roots]]))
        let never = client.call("s__inputs", arguments([["a": Self.roots]]), loop: 2)
        rig.world.run { slow.requests.count + never.requests.count == 2 }
        #expect(rig.gateway.view.hubs.allSatisfy { hub in hub.admission.withLock { $0.running } == 0 })
        rig.world.run(milliseconds: 9 * 60_000)
        _ = client.answer(slow.requests.first?["id"], ["roots": [] as [Any]])
        rig.world.run { slow.isOver }
        #expect(slow.response?.text == #"{"a":{"roots":[]}}"#)
        rig.world.run(milliseconds: 61_000)
        #expect(never.response?[path: "error", "data", "attune", "reason"] as? String == "client_timeout")
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A call that is cancelled while its client is asked ends, and late answers reach nobody",
        arguments: [true, false])
    func cancelled(http: Bool) {
        let (rig, server) = rig(http)
        let client = rig.session(capabilities: AskingTests.everything)
        let exchange = client.call("s__inputs", arguments([["a": Self.roots]]), id: "c", loop: 1)
        rig.world.run { !exchange.requests.isEmpty }
        _ = client.notify("notifications/cancelled", ["requestId": "c"], loop: 2)
        rig.world.run { exchange.isOver }
        _ = client.answer(exchange.requests.first?["id"], [:])
        rig.world.run(milliseconds: 100)
        #expect(server.inputCalls.count == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("The session, the server and the gateway may end while the client is asked", arguments: [0, 1, 2])
    func ends(who: Int) {
        let (rig, server) = rig(false)
        let client = rig.session(capabilities: AskingTests.everything)
        let exchange = client.call("s__inputs", arguments([["a": Self.roots]]), loop: 1)
        rig.world.run { !exchange.requests.isEmpty }
        switch who {
        case 0:
            let end = client.end()
            rig.world.run { end.isOver && exchange.isOver }
        case 1:
            server.die()
            rig.world.run(milliseconds: 2_000)
            _ = client.answer(exchange.requests.first?["id"], [:])
            rig.world.run { exchange.isOver }
            #expect(exchange.response?.text == #"{"a":{}}"#)
        default: break
        }
        #expect(rig.shutDown() == [])
        if who == 2 { #expect(exchange.response?.reason == "draining") }
    }

    @Test("A client on a line connection is asked in both eras' ways")
    func lines() {
        let (rig, _) = rig(false)
        let channel = rig.lines()
        let params: JSONObject = ["name": "s__inputs", "arguments": arguments([["a": Self.roots]])]
        rig.write(
            Rig.modernMessage("tools/call", params, id: 7, meta: meta(["roots": [:] as JSONObject])),
            to: channel)
        rig.world.run { channel.response(7) != nil }
        #expect(channel.response(7)?.result?["resultType"] as? String == "input_required")
        let version: JSONObject = [
            "protocolVersion": "2025-06-18", "capabilities": AskingTests.everything,
            "clientInfo": ["name": "t", "version": "1"],
        ]
        rig.write(["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": version], to: channel)
        rig.write(["jsonrpc": "2.0", "method": "notifications/initialized"], to: channel)
        rig.write(["jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params], to: channel)
        rig.world.run { !channel.requests.isEmpty }
        rig.write(
            ["jsonrpc": "2.0", "id": channel.requests.first?["id"] ?? 0, "result": ["roots": [] as [Any]]],
            to: channel)
        rig.world.run { channel.response(2) != nil }
        #expect(channel.response(2)?.text == #"{"a":{"roots":[]}}"#)
        channel.close()
        #expect(rig.shutDown() == [])
    }
}
