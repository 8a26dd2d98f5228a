import Foundation
import Glibc
import Testing

@testable import Processes

@Suite("The lifeline", .timeLimit(.minutes(2)))
struct LifelineTests {
    /// A gateway with a lifeline and one server for each script.
    struct Gateway {
        let peer: Peer
        let token: String
        let lifeline: Int32
        let servers: [Int32]

        init(_ scripts: [String]) async throws {
            var command = try Fixture.command("gateway")
            command.arguments += scripts
            peer = try await Peer(command)
            let words = await peer.readLine().split(separator: " ").map(String.init)
            try #require(words.count == 2 + scripts.count)
            token = words[0]
            lifeline = try #require(Int32(words[1]))
            servers = words.dropFirst(2).compactMap { Int32($0) }
        }

        /// Ends the gateway alone, as the system's out-of-memory killer would.
        func killed() {
            kill(peer.process.processID, SIGKILL)
        }

        /// Everything that carries the token.
        var marked: [Int32] {
            let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return all.compactMap { Int32($0) }.filter { process in
                let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ") ?? Data()
                return environment.split(separator: 0).contains(Data("ATTUNE_LIFELINE=\(token)".utf8))
            }
        }
    }

    private let stubborn = "trap '' TERM HUP INT; while :; do sleep 0.1; done"
    private let withHelper = "trap '' TERM; sleep 1000 & wait; sleep 1000"
    private let withDaemon = "setsid sh -c 'trap \"\" TERM; (sleep 1000; sleep 1000) & sleep 1000' & cat"
    private let obedient = "cat"

    @Test("after the gateway was killed, no server, helper or daemon of it is left, nor the lifeline itself")
    func gatewayKilled() async throws {
        let gateway = try await Gateway([stubborn, withHelper, withDaemon, obedient])
        #expect(await Machine.eventually { gateway.marked.count >= 7 })
        gateway.killed()
        #expect(await Machine.eventually { gateway.marked.isEmpty })
        #expect(await Machine.eventually { !Machine.isRunning(gateway.lifeline) })
        #expect(!gateway.servers.contains(where: Machine.isRunning))
    }

    @Test("a server started just before the gateway dies does not get away")
    func startedLast() async throws {
        for _ in 0..<5 {
            let gateway = try await Gateway([stubborn])
            gateway.killed()
            #expect(
                await Machine.eventually { gateway.marked.isEmpty && !Machine.isRunning(gateway.lifeline) })
        }
    }

    @Test("a process that forbids inspection is found by its arguments, even a stopped one")
    func hidden() async throws {
        let token = LifelineToken()
        // A stopped process without environment: what no one but root can see of one that is not dumpable.
        let script = "kill -STOP $$; sleep 1000"
        let hidden = try await Peer(
            ServerCommand(
                command: "/usr/bin/env", arguments: ["-i", "/bin/sh", "-c", script, "--mark", token.entry]))
        #expect(await Machine.eventually { ProcessTable.carrying(token.entry) == [hidden.process.processID] })
        #expect(Lifeline.sweep(token))
        #expect(!Machine.isRunning(hidden.process.processID))
        #expect(ProcessTable.carrying(token.entry).isEmpty)
    }

    @Test("signals that reach a whole terminal or group do not end it")
    func signals() async throws {
        let gateway = try await Gateway([stubborn])
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGQUIT] { kill(gateway.lifeline, signal) }
        kill(-gateway.peer.process.processID, SIGKILL)
        #expect(await Machine.eventually { gateway.marked.isEmpty })
        #expect(await Machine.eventually { !Machine.isRunning(gateway.lifeline) })
    }

    @Test("it is started again when it dies, and the new one does the work")
    func restarted() async throws {
        let gateway = try await Gateway([stubborn])
        kill(gateway.lifeline, SIGKILL)
        var next: Int32 = 0
        for _ in 0..<500 where next == 0 || next == gateway.lifeline {
            try gateway.peer.write("\n")
            next = Int32(await gateway.peer.readLine()) ?? 0
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(Machine.isRunning(next))
        gateway.killed()
        #expect(await Machine.eventually { gateway.marked.isEmpty && !Machine.isRunning(next) })
    }

    @Test("a gateway that stops in order takes it along, and what its servers left behind")
    func orderly() async throws {
        let gateway = try await Gateway([withDaemon])
        try gateway.peer.write("stop\n")
        #expect(await gateway.peer.process.exited() == .exited(code: 0))
        #expect(await Machine.eventually { gateway.marked.isEmpty && !Machine.isRunning(gateway.lifeline) })
    }

    @Test("servers of another gateway are left alone")
    func others() async throws {
        let first = try await Gateway([stubborn])
        let second = try await Gateway([stubborn])
        first.killed()
        #expect(await Machine.eventually { first.marked.isEmpty && !Machine.isRunning(first.lifeline) })
        #expect(second.servers.allSatisfy(Machine.isRunning))
        #expect(Machine.isRunning(second.lifeline))
        second.killed()
        #expect(await Machine.eventually { second.marked.isEmpty })
    }

    @Test("it holds nothing of the gateway but its own pipes")
    func descriptors() async throws {
        let gateway = try await Gateway([obedient])
        let open = Machine.descriptors(gateway.lifeline)
        #expect(Set(open.keys) == [0, 1, 2])
        #expect(open.values.allSatisfy { $0.hasPrefix("pipe:") })
        gateway.killed()
        #expect(await Machine.eventually { !Machine.isRunning(gateway.lifeline) })
    }

    @Test("a program that is no lifeline fails the start")
    func notLifeline() async {
        await #expect(throws: LaunchError.notReady(path: "/bin/false", .exited(code: 1))) {
            _ = try await Lifeline.start(program: "/bin/false", arguments: [])
        }
    }

    @Test("a malformed token is refused")
    func malformed() async throws {
        for token in ["", "x", "0"] {
            let peer = try await Peer(Fixture.command("lifeline", token))
            #expect(await peer.process.exited() == .exited(code: 2))
        }
    }
}
