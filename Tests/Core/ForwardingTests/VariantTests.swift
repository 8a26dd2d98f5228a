import Identifiers
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
}
