import Identifiers
import Routing
import Sessions
import Testing

@testable import Forwarding

@Suite("Credentials of a principal's own") struct VariantTests {
    @Test(
        "A principal's calls go to a server over links of its own, at every address and in both eras",
        arguments: [ScriptedServer.Kind.legacy, .modern], [true, false])
    func ownLinks(kind: ScriptedServer.Kind, isProcess: Bool) {
        let transport: ServerPlan.Transport = isProcess ? .process : .http
        let common = ScriptedServer("s", kind, transport)
        let own = ScriptedServer("s", kind, transport)
        let rig = Rig([common], access: AccessPlan(authenticator: NamedKeys())).started()
        rig.variants = [(common, "ada", own)]
        rig.apply([common])
        rig.world.run(milliseconds: 1_000)
        func calls(_ key: String) -> [ClientExchange] {
            [
                rig.modern("tools/call", ["name": "s__echo"], key: key),
                rig.modern("tools/call", ["name": "echo"], at: "/mcp/s", loop: 1, key: key),
                rig.session(key: key).call("s__echo"),
                rig.session(at: "/mcp/s", key: key).call("echo"),
                rig.modern("resources/read", ["uri": "file:///a"], key: key),
            ]
        }
        func made(_ server: ScriptedServer) -> Int {
            server.count("tools/call") + server.count("resources/read")
        }
        for (key, expected) in [("ada", (0, 5)), ("bob", (5, 5))] {
            let answers = calls(key)
            rig.world.run { answers.allSatisfy(\.isOver) }
            #expect(answers.allSatisfy { $0.response?["result"] != nil })
            #expect(made(common) == expected.0)
            #expect(made(own) == expected.1)
        }
        rig.variants = []
        rig.apply([common])
        rig.world.run(milliseconds: 500)
        let later = calls("ada")
        rig.world.run { later.allSatisfy(\.isOver) }
        #expect(made(common) == 10)
        #expect(made(own) == 5)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "After a reload a principal follows resources with its own credentials again",
        arguments: [ScriptedServer.Kind.legacy, .modern], ["/mcp/s", "/mcp"])
    func ownSubscriptions(kind: ScriptedServer.Kind, path: String) {
        let common = ScriptedServer("s", kind, .http)
        let first = ScriptedServer("s", kind, .http)
        let second = ScriptedServer("s", kind, .process)
        let rig = Rig([common], loops: 3, access: AccessPlan(authenticator: NamedKeys())).started()
        rig.variants = [(common, "ada", first)]
        rig.apply([common])
        rig.world.run(milliseconds: 1_000)
        let client = rig.session(at: path, key: "ada")
        let stream = client.stream(loop: 1)
        let subscribed = client.post("resources/subscribe", ["uri": "file:///a"])
        let filter: JSONObject = ["resourceSubscriptions": ["file:///a"]]
        let listen = rig.modern(
            "subscriptions/listen", ["notifications": filter], at: path, loop: 2, key: "ada")
        rig.world.run(milliseconds: 1_000)
        #expect(subscribed.response?.result != nil)
        #expect(Set(first.subscriptions) == ["file:///a"])
        rig.variants = [(common, "ada", second)]
        rig.apply([common])
        rig.world.run(milliseconds: 5_000)
        #expect(first.subscriptions + common.subscriptions == [])
        #expect(Set(second.subscriptions) == ["file:///a"])
        let before = [stream, listen].map(\.notifications.count)
        common.update("file:///a")
        rig.world.run(milliseconds: 500)
        #expect([stream, listen].map(\.notifications.count) == before)
        second.update("file:///a")
        rig.world.run(milliseconds: 500)
        #expect([stream, listen].map(\.notifications.count) == before.map { $0 + 1 })
        #expect(rig.shutDown() == [])
    }

    @Test("After a reload a principal follows nothing at a server that its rule now hides")
    func hidden() {
        let (first, second) = (ScriptedServer("s", .modern, .http), ScriptedServer("s", .modern, .process))
        let rig = Rig([first], access: AccessPlan(authenticator: NamedKeys())).started()
        let client = rig.session(at: "/mcp/s", key: "ada")
        let subscribed = client.post("resources/subscribe", ["uri": "file:///a"])
        rig.world.run { subscribed.isOver }
        #expect(first.subscriptions == ["file:///a"])
        rig.access.rules = [AccessRule(principals: ["ada"], servers: ToolFilter(allow: ["other"]))]
        rig.apply([second])
        rig.world.run(milliseconds: 5_000)
        #expect(second.subscriptions == [])
        #expect(rig.shutDown() == [])
    }
}
