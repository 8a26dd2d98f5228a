import Testing

@testable import Forwarding

/// Both eras of client against both eras of server, over both transports.
@Suite struct BridgeTests {
    struct Pair: Sendable, CustomTestStringConvertible {
        var modernClient: Bool
        var modernServer: Bool
        var http: Bool
        var transparent: Bool

        var testDescription: String {
            "\(modernClient ? "modern" : "legacy") client, \(modernServer ? "modern" : "legacy") server over "
                + "\(http ? "HTTP" : "a process"), \(transparent ? "its own address" : "federated")"
        }

        static let all: [Pair] = [true, false].flatMap { client in
            [true, false].flatMap { server in
                [true, false].flatMap { http in
                    [true, false].map {
                        Pair(modernClient: client, modernServer: server, http: http, transparent: $0)
                    }
                }
            }
        }
    }

    private func rig(_ pair: Pair) -> (Rig, ScriptedServer) {
        let server = ScriptedServer("s", pair.modernServer ? .modern : .legacy, pair.http ? .http : .process)
        return (Rig([server], seed: 42).started(), server)
    }

    private func send(
        _ method: String, _ params: JSONObject, _ pair: Pair, _ rig: Rig, meta: JSONObject = [:]
    ) -> ClientExchange {
        let path = pair.transparent ? "/mcp/s" : "/mcp"
        var exchange: ClientExchange
        if pair.modernClient {
            exchange = rig.modern(method, params, at: path, meta: meta)
        } else {
            var params = params
            if !meta.isEmpty { params["_meta"] = meta }
            exchange = rig.session(at: path).post(method, params)
        }
        rig.world.run { exchange.isOver }
        return exchange
    }

    @Test("A tool is called and its result comes back", arguments: Pair.all)
    func call(_ pair: Pair) {
        let (rig, server) = rig(pair)
        let name = pair.transparent ? "echo" : "s__echo"
        let exchange = send("tools/call", ["name": name, "arguments": ["text": "hi"]], pair, rig)
        #expect(exchange.response?.text == "s: hi")
        let type = exchange.response?.result?["resultType"] as? String
        #expect(type == (pair.modernClient ? "complete" : nil))
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test("Lists, prompts, resources and completions are answered", arguments: Pair.all)
    func others(_ pair: Pair) {
        let (rig, _) = rig(pair)
        let prompt = pair.transparent ? "greet" : "s__greet"
        let tools = send("tools/list", [:], pair, rig)
        #expect(tools.response?.names("tools").isEmpty == false)
        #expect((tools.response?.result?["ttlMs"] != nil) == pair.modernClient)
        let got = send("prompts/get", ["name": prompt], pair, rig)
        #expect(got.response?.result?["description"] as? String == "prompt greet")
        let read = send("resources/read", ["uri": "file:///a"], pair, rig)
        #expect((read.response?.result?["contents"] as? [JSONObject])?.count == 1)
        let completed = send(
            "completion/complete",
            ["ref": ["type": "ref/prompt", "name": prompt], "argument": ["name": "a", "value": "b"]], pair,
            rig)
        #expect(completed.response?[path: "result", "completion", "values"] as? [String] == ["greet"])
        #expect(rig.shutDown() == [])
    }

    @Test("A missing resource has the code of the client's era", arguments: Pair.all.filter(\.transparent))
    func missingResource(_ pair: Pair) {
        let (rig, _) = rig(pair)
        let exchange = send("resources/read", ["uri": "file:///none"], pair, rig)
        let isLegacyCode = exchange.response?.errorCode == -32002
        #expect(isLegacyCode || exchange.response?.errorCode == -32602)
        if pair.modernClient {
            #expect(!isLegacyCode)
            #expect(exchange.status == 400)
        }
    }

    @Test(
        "Progress comes on the request's own stream under the client's token, and no other's",
        arguments: Pair.all)
    func progress(_ pair: Pair) {
        let (rig, _) = rig(pair)
        let name = pair.transparent ? "progress" : "s__progress"
        let exchange = send(
            "tools/call", ["name": name, "arguments": [:] as JSONObject], pair, rig,
            meta: ["progressToken": "mine"])
        #expect(
            exchange.notifications.map { $0.params["progressToken"] as? String } == ["mine", "mine", "mine"])
        #expect(exchange.notifications.map { $0.params["progress"] as? Int } == [1, 2, 3])
        #expect(exchange.response?.text == "done")
        #expect(rig.shutDown() == [])
    }

    @Test("Log messages come by the level that the client asked for", arguments: Pair.all)
    func logs(_ pair: Pair) {
        let (rig, _) = rig(pair)
        let name = pair.transparent ? "log" : "s__log"
        let params: JSONObject = ["name": name, "arguments": [:] as JSONObject]
        let path = pair.transparent ? "/mcp/s" : "/mcp"
        let exchange: ClientExchange
        if pair.modernClient {
            let silent = rig.modern("tools/call", params, at: path)
            rig.world.run { silent.isOver }
            #expect(silent.notifications.isEmpty)
            exchange = rig.modern(
                "tools/call", params, at: path, meta: ["io.modelcontextprotocol/logLevel": "warning"])
        } else {
            let client = rig.session(at: path)
            let level = client.post("logging/setLevel", ["level": "warning"])
            rig.world.run { level.isOver }
            exchange = client.post("tools/call", params)
        }
        rig.world.run { exchange.isOver }
        #expect(exchange.notifications.map { $0.params["level"] as? String } == ["error"])
        #expect(exchange.response?.text == "logged")
    }

    @Test(
        "Debug messages come to who asks for them, wherever the server keeps the level", arguments: Pair.all)
    func debugLogs(_ pair: Pair) {
        for isShared in pair.modernServer ? [false] : [false, true] {
            let server = ScriptedServer(
                "s", pair.modernServer ? .modern : .legacy, pair.http ? .http : .process)
            server.isShared = isShared
            if isShared, pair.http { server.keepsSessions = false }
            let rig = Rig([server], seed: 4).started()
            let path = pair.transparent ? "/mcp/s" : "/mcp"
            let params: JSONObject = ["name": pair.transparent ? "log" : "s__log"]
            let exchange: ClientExchange
            let quiet: ClientExchange
            if pair.modernClient {
                exchange = rig.modern(
                    "tools/call", params, at: path, meta: ["io.modelcontextprotocol/logLevel": "debug"])
                rig.world.run { exchange.isOver }
                quiet = rig.modern(
                    "tools/call", params, at: path, meta: ["io.modelcontextprotocol/logLevel": "warning"])
            } else {
                let clients = (0..<2).map { _ in rig.session(at: path) }
                #expect(clients[0].greeting?[path: "result", "capabilities", "logging"] != nil)
                let levels = zip(clients, ["debug", "warning"]).map {
                    $0.post("logging/setLevel", ["level": $1])
                }
                rig.world.run { levels.allSatisfy(\.isOver) }
                exchange = clients[0].post("tools/call", params)
                rig.world.run { exchange.isOver }
                quiet = clients[1].post("tools/call", params)
            }
            rig.world.run { quiet.isOver }
            #expect(exchange.notifications.map { $0.params["level"] as? String } == ["debug", "error"])
            #expect(quiet.notifications.map { $0.params["level"] as? String } == ["error"])
            #expect(server.protocolErrors == [])
            #expect(rig.shutDown() == [])
        }
    }

    @Test(
        "Progress keeps its members and finds its call, whatever ids and tokens clients use",
        arguments: Pair.all)
    func progressOfMany(_ pair: Pair) {
        let (rig, server) = rig(pair)
        let path = pair.transparent ? "/mcp/s" : "/mcp"
        let client = rig.session(at: path)
        let tokens: [Any] = ["1", 1, "token", 2_000_000_000]
        let ids: [Any] = [9, "9", 8, "eight"]
        let calls = (0..<4).map { index -> ClientExchange in
            var params: JSONObject = [
                "name": pair.transparent ? "hold" : "s__hold", "arguments": ["number": index],
            ]
            guard pair.modernClient else {
                params["_meta"] = ["progressToken": tokens[index]]
                return client.post("tools/call", params, id: ids[index])
            }
            return rig.modern(
                "tools/call", params, at: path, id: ids[index], meta: ["progressToken": tokens[index]])
        }
        rig.world.run { server.held.count == 4 }
        for step in 1...2 {
            for held in server.held.reversed() {
                guard let token = held.token else { continue }
                held.notify(
                    ScriptedServer.notification(
                        "notifications/progress",
                        [
                            "progressToken": token, "progress": held.number * 10 + step, "total": 99.5,
                            "message": "step ☃",
                        ]))
            }
        }
        rig.world.run(milliseconds: 50)
        for number in [2, 0, 3, 1] { server.release(number) }
        rig.world.run { calls.allSatisfy(\.isOver) }
        for (index, call) in calls.enumerated() {
            #expect(call.response?.text == "held \(index)")
            #expect(
                call.notifications.map { $0.params["progress"] as? Int } == [index * 10 + 1, index * 10 + 2])
            for note in call.notifications {
                #expect("\(note.params["progressToken"] ?? "")" == "\(tokens[index])")
                #expect((note.params["progressToken"] is String) == (tokens[index] is String))
                #expect(note.params["total"] as? Double == 99.5)
                #expect(note.params["message"] as? String == "step ☃")
            }
        }
        #expect(rig.shutDown() == [])
    }

    @Test("A greeting tells of the gateway, or of the server at its own address", arguments: Pair.all)
    func greeting(_ pair: Pair) {
        let (rig, _) = rig(pair)
        let path = pair.transparent ? "/mcp/s" : "/mcp"
        if pair.modernClient {
            let exchange = rig.modern("server/discover", at: path)
            rig.world.run { exchange.isOver }
            #expect(exchange.response?[path: "result", "capabilities", "tools"] != nil)
        } else {
            let client = rig.session(at: path)
            #expect(client.id?.isEmpty == false)
            let name = client.greeting?[path: "result", "serverInfo", "name"] as? String
            #expect((name == "scripted-s") == pair.transparent)
        }
        #expect(rig.shutDown() == [])
    }
}
