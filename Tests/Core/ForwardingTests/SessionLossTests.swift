import Sessions
import Testing

@testable import Forwarding

@Suite("Sessions that servers lose, and that clients end") struct SessionLossTests {
    @Test("Calls that find their server's session lost go on in one new session, as the client had set it")
    func lostOverHTTP() {
        let server = ScriptedServer("s", .legacy, .http)
        let rig = Rig([server]).started()
        let client = rig.session()
        let level = client.post("logging/setLevel", ["level": "error"])
        let first = client.call("s__count")
        rig.world.run { level.isOver && first.isOver }
        for round in 1...3 {
            // As a server does that was started anew.
            server.sessions = [:]
            let calls = (0..<8).map { client.call("s__count", loop: $0 % 2) }
            rig.world.run { calls.allSatisfy(\.isOver) }
            #expect(calls.compactMap { $0.response?.text }.sorted() == (1...8).map { "\($0)" }, "\(round)")
            rig.world.run(milliseconds: 50)
            let used = server.sessions.values.filter { $0.calls > 0 }
            #expect(used.count == 1)
            #expect(used.first?.levels == ["error"])
        }
        #expect(rig.gateway.sessions.all.count == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A server's process that ends is a new process for the same client session")
    func lostProcess() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let client = rig.session()
        for _ in 1...3 {
            let crash = client.call("s__crash")
            rig.world.run(milliseconds: 1_500)
            #expect(crash.isOver)
            let call = client.call("s__count")
            rig.world.run { call.isOver }
            #expect(call.response?.text == "1")
        }
        #expect(rig.gateway.sessions.all.map(\.id) == [client.id].compactMap(\.self))
        #expect(rig.shutDown() == [])
    }

    @Test("DELETE ends calls under way, the stream, and what servers keep", arguments: [true, false])
    func deletion(isProcess: Bool) {
        let server = ScriptedServer("s", .legacy, isProcess ? .process : .http)
        let rig = Rig([server]).started()
        let client = rig.session()
        let stream = client.stream()
        let held = [client.call("s__hold"), client.call("s__hold", loop: 1)]
        rig.world.run(milliseconds: 200)
        #expect(server.held.count == 2)
        let end = client.end(loop: 1)
        rig.world.run(milliseconds: 3_000)
        #expect(end.status == 204)
        #expect(stream.isOver)
        #expect(held.allSatisfy { $0.responseCount == 0 })
        let later = client.call("s__echo")
        rig.world.run { later.isOver }
        #expect(later.status == 404)
        if isProcess {
            #expect(server.liveProcesses.count == 1)
        } else {
            #expect(server.deletedSessions == 1)
        }
        #expect(rig.shutDown() == [])
    }
}
