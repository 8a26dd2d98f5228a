import Testing

@testable import Processes

@Suite("A server's environment", .timeLimit(.minutes(1)))
struct ServerEnvironmentTests {
    @Test("nothing that concerns the gateway alone is passed on, unless the configuration names it")
    func hygiene() {
        let inherited = [
            "PATH": "/bin", "HOME": "/root", "ATTUNE_KEY": "secret", "ATTUNE_LIFELINE": "outer",
            "NOTIFY_SOCKET": "/run/notify", "LISTEN_FDS": "2", "WATCHDOG_USEC": "1", "ATTUNE_CONFIG": "/a",
        ]
        let merged = ServerEnvironment.merged(
            inherited: inherited, command: ["ATTUNE_CONFIG": "/b", "HOME": "/srv"],
            added: ["ATTUNE_LIFELINE": "inner"])
        #expect(
            merged == [
                "PATH": "/bin", "HOME": "/srv", "ATTUNE_CONFIG": "/b", "ATTUNE_LIFELINE": "inner",
            ])
    }

    @Test("inherited names that no process can be given are left out rather than failing every start")
    func unusableNames() {
        let inherited = ["A": "1", "2B": "2", "": "3"]
        #expect(ServerEnvironment.merged(inherited: inherited, command: [:], added: [:]) == ["A": "1"])
    }

    @Test("a name is looked up in the default directories when no PATH is set")
    func noSearchPath() throws {
        let resolved = try ResolvedCommand(ServerCommand(command: "sh"), inherited: [:])
        #expect(resolved.program.hasSuffix("bin/sh"))
    }

    @Test("the name of a process may hold anything without confusing what is read about it")
    func statusLine() throws {
        let fields = try #require(ProcessTable.fields("12 (a) S 1 (x)) R 7 4711 12 0 -1".utf8))
        #expect(fields.state == "R")
        #expect(fields.group == 4711)
        for broken in ["", "12", "12 (a", "12 (a)", "12 (a) R", "12 (a) R 1 x", ")"] {
            #expect(ProcessTable.fields(broken.utf8) == nil)
        }
    }

    @Test("an end is noticed without a process descriptor, too")
    func polled() async throws {
        let peer = try await Peer(.shell("sleep 0.2; exit 9"))
        await ProcessEnd.wait(for: peer.process.processID, descriptor: -1)
        #expect(await peer.process.exited() == .exited(code: 9))
    }

    @Test("only the exact form is a lifeline token")
    func token() {
        let token = LifelineToken()
        #expect(LifelineToken(token.text) == token)
        #expect(LifelineToken() != token)
        for text in [
            "", "abc", token.text + "0", token.text.uppercased() + "G", String(repeating: "g", count: 32),
        ] {
            #expect(LifelineToken(text) == nil)
        }
    }
}
