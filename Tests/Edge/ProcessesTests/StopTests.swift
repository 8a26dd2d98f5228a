import Glibc
import Processes
import Testing

@Suite("Stopping a server", .timeLimit(.minutes(1)))
struct StopTests {
    let scratch: Scratch
    let quick = StopGrace(afterInputClosed: .milliseconds(200), afterTerminate: .milliseconds(200))
    let patient = StopGrace(afterInputClosed: .seconds(50), afterTerminate: .seconds(50))

    init() throws {
        scratch = try Scratch()
    }

    @Test("the end of its input is enough for one that heeds it")
    func inputClosed() async throws {
        let peer = try await Peer(.shell("cat; exit 5"))
        peer.closeInput()
        peer.process.terminate(grace: patient)
        #expect(await peer.process.exited() == .exited(code: 5))
    }

    @Test("one that ignores it gets SIGTERM")
    func terminated() async throws {
        let peer = try await Peer(.shell("trap 'exit 6' TERM; echo up; while :; do sleep 0.05; done"))
        _ = await peer.readLine()
        peer.process.terminate(
            grace: StopGrace(afterInputClosed: .milliseconds(100), afterTerminate: .seconds(50)))
        #expect(await peer.process.exited() == .exited(code: 6))
    }

    @Test("one that ignores both is killed")
    func killed() async throws {
        let peer = try await Peer(.shell("trap '' TERM; echo up; while :; do sleep 0.05; done"))
        _ = await peer.readLine()
        peer.closeInput()
        peer.process.terminate(grace: quick)
        #expect(await peer.process.exited() == .signaled(signal: SIGKILL))
    }

    @Test("a stopped (SIGSTOP) one is killed as well")
    func suspended() async throws {
        let peer = try await Peer(.shell("kill -STOP $$"))
        peer.process.terminate(grace: quick)
        #expect(await peer.process.exited() == .signaled(signal: SIGKILL))
    }

    @Test("asking again changes nothing, and killing cuts the waits short")
    func again() async throws {
        let peer = try await Peer(.shell("trap '' TERM; echo up; while :; do sleep 0.05; done"))
        _ = await peer.readLine()
        peer.process.terminate(grace: patient)
        peer.process.terminate(grace: quick)
        try await Task.sleep(for: .milliseconds(800))
        #expect(peer.process.exitStatus == nil)
        peer.process.kill()
        #expect(await peer.process.exited() == .signaled(signal: SIGKILL))
        peer.process.terminate(grace: quick)
        peer.process.kill()
    }

    @Test("its children in the same group go with it")
    func grandchildren() async throws {
        let peer = try await Peer(
            .shell(
                "trap '' TERM; sleep 1000 & echo $!; (trap '' TERM; sleep 1000) & echo $!; wait; sleep 1000"))
        let children = try [await peer.readLine(), await peer.readLine()].map { try #require(Int32($0)) }
        #expect(children.allSatisfy(Machine.isRunning))
        peer.process.terminate(grace: quick)
        #expect(await peer.process.exited() == .signaled(signal: SIGKILL))
        #expect(await Machine.eventually { !children.contains(where: Machine.isRunning) })
    }

    @Test("when it ends by itself, what it left in its group is ended before its end is reported")
    func orphans() async throws {
        let peer = try await Peer(
            .shell(
                "sleep 1000 & echo $!; (trap '' TERM; echo; while :; do sleep 0.1; done) & echo $!; exit 3"))
        var children: [Int32] = []
        while children.count < 2 { children += [Int32(await peer.readLine())].compactMap { $0 } }
        #expect(await peer.process.exited() == .exited(code: 3))
        #expect(await Machine.eventually { !children.contains(where: Machine.isRunning) })
    }
}
