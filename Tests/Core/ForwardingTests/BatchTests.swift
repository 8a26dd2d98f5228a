import Testing

@testable import Forwarding

@Suite struct BatchTests {
    private func request(_ id: Any, _ method: String, _ params: JSONObject = [:]) -> JSONObject {
        ["jsonrpc": "2.0", "id": id, "method": method, "params": params]
    }

    private func client(_ version: String = "2025-03-26") -> (Rig, LegacyClient, ScriptedServer) {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        return (rig, rig.session(version: version), server)
    }

    @Test("A batch is answered with one array that holds an answer to each of its requests")
    func whole() {
        let (rig, client, _) = client()
        let exchange = client.batch([
            request(1, "tools/call", ["name": "s__echo", "arguments": ["text": "x"]]),
            ["jsonrpc": "2.0", "method": "notifications/progress", "params": [:] as JSONObject],
            request("two", "ping"), request(3, "tools/call", ["name": "nothing"]), ["nonsense": true],
        ])
        rig.world.run { exchange.isOver }
        let answers = JSON.value(exchange.answers.first?.body ?? []) as? [JSONObject] ?? []
        #expect(answers.count == 4)
        #expect(answers.first { $0["id"] as? Int == 1 }?.text == "s: x")
        #expect(answers.first { $0["id"] as? String == "two" }?.result != nil)
        #expect(answers.first { $0["id"] as? Int == 3 }?.errorCode == -32602)
        #expect(answers.contains { $0.errorCode == -32600 })
        #expect(rig.shutDown() == [])
    }

    @Test("A batch of notifications is accepted without an answer")
    func notifications() {
        let (rig, client, _) = client()
        let exchange = client.batch([["jsonrpc": "2.0", "method": "notifications/progress"]])
        rig.world.run { exchange.isOver }
        #expect(exchange.status == 202)
        #expect(exchange.response == nil)
    }

    @Test("A cancelled request of a batch has no place in the array")
    func cancelled() {
        let (rig, client, server) = client()
        let exchange = client.batch([
            request(1, "tools/call", ["name": "s__hold"]), request(2, "ping"),
        ])
        rig.world.run { !server.held.isEmpty }
        _ = client.notify("notifications/cancelled", ["requestId": 1], loop: 1)
        rig.world.run { exchange.isOver }
        let answers = JSON.value(exchange.answers.first?.body ?? []) as? [JSONObject] ?? []
        #expect(answers.compactMap { $0["id"] as? Int } == [2])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "An empty batch, a long one, and one in a revision without batches are refused",
        arguments: [0, 129, 2])
    func refused(count: Int) {
        let (rig, client, server) = client(count == 2 ? "2025-06-18" : "2025-03-26")
        let exchange = client.batch((0..<count).map { request($0, "tools/call", ["name": "s__echo"]) })
        rig.world.run { exchange.isOver }
        #expect(exchange.status == 400)
        #expect(exchange.response?.errorCode == -32600)
        #expect(server.count("tools/call") == 0)
    }

    @Test("A server's death in the middle of a batch gives each of its requests one answer")
    func death() {
        let (rig, client, server) = client()
        let exchange = client.batch((0..<5).map { request($0, "tools/call", ["name": "s__hold"]) })
        rig.world.run { server.held.count == 5 }
        server.die()
        rig.world.run { exchange.isOver }
        let answers = JSON.value(exchange.answers.first?.body ?? []) as? [JSONObject] ?? []
        #expect(Set(answers.compactMap { $0["id"] as? Int }) == [0, 1, 2, 3, 4])
        #expect(answers.allSatisfy { $0.isToolError })
        #expect(rig.leftovers() == [])
    }

    @Test("The array of a batch keeps to the size limit: an answer that does not fit becomes an error")
    func tooLarge() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server], maxMessageBytes: 4_096).started()
        let client = rig.session(version: "2025-03-26")
        let text = String(repeating: "x", count: 300)
        let exchange = client.batch(
            (0..<10).map { request($0, "tools/call", ["name": "s__echo", "arguments": ["text": text]]) })
        rig.world.run { exchange.isOver }
        let answers = JSON.value(exchange.answers.first?.body ?? []) as? [JSONObject] ?? []
        #expect(Set(answers.compactMap { $0["id"] as? Int }).count == (exchange.status == 200 ? 10 : 0))
    }
}
