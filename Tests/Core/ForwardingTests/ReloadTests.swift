import Routing
import Testing

@testable import Forwarding

@Suite struct ReloadTests {
    @Test(
        "A removed server answers the calls under way and takes no others; nothing of it is left",
        arguments: [true, false], [true, false])
    func remove(modern: Bool, http: Bool) {
        let server = ScriptedServer("s", modern ? .modern : .legacy, http ? .http : .process)
        let other = ScriptedServer("other", .modern, .process)
        let rig = Rig([server, other], loops: 3).started()
        let client = rig.session()
        let calls = [client.call("s__hold", loop: 1), rig.modernCall("s__hold", loop: 2)]
        rig.world.run { server.held.count == 2 }
        rig.apply([other])
        rig.world.run(milliseconds: 1_000)
        let late = client.call("s__echo")
        rig.world.run { late.isOver }
        #expect(late.response?.errorCode == -32602)
        #expect(calls.allSatisfy { !$0.isOver })
        server.release()
        rig.world.run(milliseconds: 1_000)
        for call in calls { #expect(call.response?.text == "held 0") }
        #expect(server.liveProcesses.isEmpty)
        #expect(server.sessions.isEmpty)
        #expect(server.exchanges.isEmpty)
        #expect(server.pools.allSatisfy { $0.isRetired })
        let bystander = client.call("other__echo")
        rig.world.run { bystander.isOver }
        #expect(bystander.response?.text == "other: ")
        #expect(other.launches == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A removed server whose calls never end is ended after a while")
    func removeStuck() {
        let server = ScriptedServer("s", .modern, .process)
        server.advice = Advice(
            deadlineMilliseconds: 3_600_000, concurrencyLimit: 1, queueBound: 4, maxAttempts: 1)
        let rig = Rig([server]).started()
        let calls = (0..<3).map { rig.modernCall("s__hold", loop: $0 % 2) }
        rig.world.run { !server.held.isEmpty }
        rig.apply([])
        rig.world.run(milliseconds: 130_000)
        #expect(server.liveProcesses.isEmpty)
        #expect(calls.allSatisfy { $0.response?.isToolError == true })
        #expect(rig.shutDown() == [])
    }

    @Test("Lists change with the configuration, and every client that sees them is told")
    func announced() {
        let (first, second) = (ScriptedServer("a", .modern, .process), ScriptedServer("b", .modern, .process))
        let rig = Rig([first, second], profiles: [Profile(name: "p", servers: ["b"])]).started()
        let everyone = rig.session().stream()
        let profile = rig.session(at: "/profiles/p/mcp").stream()
        let transparent = rig.session(at: "/mcp/a").stream()
        rig.world.run(milliseconds: 50)
        rig.apply([first])
        rig.world.run(milliseconds: 1_000)
        func heard(_ stream: ClientExchange) -> Int {
            stream.events.compactMap(\.method).filter { $0.contains("tools") }.count
        }
        #expect([heard(everyone), heard(profile), heard(transparent)] == [1, 1, 0])
        second.id = .init(0)
        rig.apply([first, second])
        rig.world.run(milliseconds: 2_000)
        #expect([heard(everyone), heard(profile), heard(transparent)] == [2, 2, 0])
    }

    @Test(
        "A transparent client goes on when its server's configuration changes"
    )
    func changedServer() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let client = rig.session(at: "/mcp/s")
        let stream = client.stream()
        rig.world.run(milliseconds: 50)
        let replacement = ScriptedServer("s", .legacy, .process)
        replacement.tools = ["echo", "fresh"]
        rig.apply([replacement])
        rig.world.run(milliseconds: 2_000)
        #expect(stream.events.compactMap { $0.method }.contains("notifications/tools/list_changed"))
        let call = client.call("echo")
        rig.world.run { call.isOver }
        #expect(call.response?.text == "s: ")
        #expect(server.liveProcesses.isEmpty)
        #expect(replacement.liveProcesses.count == 2)
        #expect(rig.shutDown() == [])
    }

    @Test("The same configuration again changes nothing")
    func same() {
        let servers = [ScriptedServer("a", .legacy, .process), ScriptedServer("b", .modern, .http)]
        let rig = Rig(servers).started()
        let stream = rig.session().stream()
        rig.world.run(milliseconds: 50)
        let launches = servers[0].launches
        for _ in 0..<5 { rig.apply(servers) }
        rig.world.run(milliseconds: 2_000)
        #expect(servers[0].launches == launches)
        #expect(stream.events.isEmpty)
        #expect(rig.shutDown() == [])
    }

    @Test("Reloads in quick succession, with calls from every loop, lose no call")
    func storm() {
        let (first, second) = (ScriptedServer("a", .modern, .process), ScriptedServer("b", .modern, .http))
        let rig = Rig([first, second], loops: 3, seed: 11).started()
        var calls: [ClientExchange] = []
        for round in 0..<60 {
            calls.append(rig.modernCall("a__echo", loop: round % 3))
            if round % 2 == 0 { second.id = .init(0) }
            rig.apply(round % 2 == 0 ? [first] : [first, second])
            for _ in 0..<round { _ = rig.world.step() }
        }
        rig.world.run { calls.allSatisfy(\.isOver) }
        #expect(calls.allSatisfy { $0.response?.text == "a: " })
        #expect(first.launches == 1)
        #expect(rig.shutDown() == [])
    }
}
