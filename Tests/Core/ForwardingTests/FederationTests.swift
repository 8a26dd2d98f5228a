import Testing

@testable import Forwarding

@Suite struct FederationTests {
    @Test("Lists hold the items of all servers under prefixed names, in the configuration's order")
    func lists() {
        let rig = Rig([
            ScriptedServer("git", .legacy, .process), ScriptedServer("time", .modern, .http),
        ]).started()
        let exchange = rig.modern("tools/list")
        rig.world.run { exchange.isOver }
        let names = exchange.response?.names("tools") ?? []
        #expect(names.first == "git__echo")
        #expect(names.count == 12)
        #expect(names.last == "time__crash")
        #expect(rig.leftovers() == [])
        #expect(rig.shutDown() == [])
    }
}
