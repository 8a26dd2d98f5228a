import Identifiers
import Sessions
import Testing

@testable import Forwarding

/// Legacy clients whose connections break, and that read on with `Last-Event-ID`.
@Suite struct BrokenStreamTests {
    private func progress(_ exchange: ClientExchange) -> [Int] {
        exchange.events.compactMap { $0.params["progress"] as? Int }
    }

    /// A call that has sent two notifications and waits.
    private func startedCall(_ rig: Rig, _ server: ScriptedServer, _ client: LegacyClient) -> ClientExchange {
        let call = client.call("s__hold", ["number": 1], token: "t")
        rig.world.run { !server.held.isEmpty }
        for step in 1...2 { say(step, server) }
        rig.world.run { call.events.count == 2 }
        return call
    }

    private func say(_ step: Int, _ server: ScriptedServer) {
        guard let held = server.held.first, let token = held.token else { return }
        held.notify(ScriptedServer.progress(token, step))
    }

    @Test(
        "A call whose stream breaks goes on, and its client reads the rest on another connection",
        arguments: [ScriptedServer.Kind.legacy, .modern], [true, false])
    func brokenCall(kind: ScriptedServer.Kind, http: Bool) {
        let server = ScriptedServer("s", kind, http ? .http : .process)
        let rig = Rig([server], loops: 3).started()
        let client = rig.session()
        let call = startedCall(rig, server, client)
        #expect(call.primingID != nil && call.retries == [1_000])
        #expect(Set(call.eventIDs.compactMap(\.self)).count == 2)
        let first = call.eventIDs[0]
        rig.leave(call)
        rig.world.run(milliseconds: 50)
        say(3, server)
        rig.world.run(milliseconds: 50)
        let resumed = client.stream(loop: 2, after: first)
        rig.world.run(milliseconds: 50)
        #expect(progress(resumed) == [2, 3])
        #expect(!resumed.isOver)
        say(4, server)
        rig.world.run(milliseconds: 50)
        server.release()
        rig.world.run(milliseconds: 100)
        #expect(progress(resumed) == [2, 3, 4])
        #expect(resumed.events.last?.text == "held 1")
        #expect(resumed.isOver)
        #expect(rig.shutDown() == [])
    }

    @Test("An answer that came while the client was away is read later, more than once if need be")
    func answeredMeanwhile() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server], loops: 2).started()
        let client = rig.session()
        let call = startedCall(rig, server, client)
        rig.leave(call)
        rig.world.run(milliseconds: 50)
        server.release()
        rig.world.run(milliseconds: 100)
        for loop in 0..<2 {
            let resumed = client.stream(loop: loop, after: call.primingID)
            rig.world.run(milliseconds: 50)
            #expect(progress(resumed) == [1, 2])
            #expect(resumed.events.last?.text == "held 1")
            #expect(resumed.isOver)
        }
        #expect(rig.gateway.loops.map(\.streams.count) == [0, 0])
        #expect(rig.shutDown() == [])
    }

    @Test("A client may come back before the gateway knows that it has left, and leave again")
    func takenOver() {
        let server = ScriptedServer("s", .legacy, .http)
        let rig = Rig([server], loops: 2).started()
        let client = rig.session()
        let call = startedCall(rig, server, client)
        let second = client.stream(loop: 1, after: call.eventIDs[1])
        rig.world.run(milliseconds: 50)
        #expect(call.isOver)
        say(3, server)
        rig.world.run(milliseconds: 50)
        #expect(progress(second) == [3])
        rig.leave(second)
        rig.world.run(milliseconds: 50)
        say(4, server)
        rig.world.run(milliseconds: 50)
        let third = client.stream(loop: 0, after: second.eventIDs[0])
        rig.world.run(milliseconds: 50)
        server.release()
        rig.world.run(milliseconds: 100)
        #expect(progress(third) == [4])
        #expect(third.events.last?.text == "held 1")
        #expect(rig.shutDown() == [])
    }

    @Test("The session's own stream goes on with what came meanwhile, and with nothing of other streams")
    func general() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server], loops: 2).started()
        let client = rig.session()
        let stream = client.stream()
        let call = startedCall(rig, server, client)
        let follow = client.post("resources/subscribe", ["uri": "file:///a"])
        rig.world.run { follow.isOver }
        server.update("file:///a")
        rig.world.run(milliseconds: 100)
        #expect(stream.events.count == 1)
        rig.leave(stream)
        rig.world.run(milliseconds: 50)
        for _ in 0..<5 { server.update("file:///a") }
        rig.world.run(milliseconds: 50)
        let resumed = client.stream(loop: 1, after: stream.eventIDs[0])
        rig.world.run(milliseconds: 50)
        #expect(resumed.events.map { $0.method } == ["notifications/resources/updated"])
        server.update("file:///a")
        rig.world.run(milliseconds: 50)
        #expect(resumed.events.count == 2)
        #expect(Set(resumed.eventIDs.compactMap(\.self)).count == 2)
        let again = client.stream(after: stream.primingID)
        rig.world.run(milliseconds: 50)
        #expect(again.events.count == 3)
        server.release()
        rig.world.run { call.isOver }
        #expect(rig.shutDown() == [])
    }

    @Test(
        "Older revisions get ids but no priming event; plain answers stay plain",
        arguments: ["2025-03-26", "2025-06-18", "2025-11-25"])
    func revisions(version: String) {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let client = rig.session(version: version)
        let call = client.call("s__progress", token: "t")
        let plain = client.call("s__echo", ["text": "x"])
        let stream = client.stream()
        rig.world.run { call.isOver && plain.isOver }
        #expect((call.primingID != nil) == (version == "2025-11-25"))
        #expect((stream.primingID != nil) == (version == "2025-11-25"))
        #expect(call.eventIDs.compactMap(\.self).count == 4)
        #expect(plain.answers.count == 1 && plain.events.isEmpty)
        #expect(rig.shutDown() == [])
    }

    @Test("Modern clients and 2024-11-05 get no ids, and a modern request's Last-Event-ID means nothing")
    func others() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let modern = rig.modernCall("s__progress", meta: ["progressToken": "t"])
        let old = rig.session(version: "2024-11-05").call("s__progress", token: "t")
        rig.world.run { modern.isOver && old.isOver }
        for exchange in [modern, old] {
            #expect(exchange.events.count == 4 && exchange.primingID == nil)
            #expect(exchange.eventIDs.allSatisfy { $0 == nil })
        }
        #expect(rig.shutDown() == [])
    }

    @Test("An id that leads nowhere is 400; of the session's own stream it leads to what comes from now on")
    func unknown() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let client = rig.session()
        for id in ["nonsense", "1-7-3"] {
            let refused = client.stream(after: id)
            rig.world.run { refused.isOver }
            #expect(refused.status == 400)
            #expect(refused.response?.errorCode == -32600)
        }
        let opened = client.stream(after: "1-0-3")
        rig.world.run(milliseconds: 50)
        #expect(opened.status == 200 && !opened.isOver)
        let follow = client.post("resources/subscribe", ["uri": "file:///a"])
        rig.world.run { follow.isOver }
        server.update("file:///a")
        rig.world.run(milliseconds: 50)
        #expect(opened.events.last?.method == "notifications/resources/updated")
        #expect(rig.shutDown() == [])
    }

    @Test("A session's end and the gateway's leave nothing in the logs")
    func ends() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        let client = rig.session()
        _ = client.stream()
        _ = startedCall(rig, server, client)
        #expect(rig.gateway.eventBudget.usedBytes > 0)
        _ = client.end()
        rig.world.run(milliseconds: 100)
        #expect(rig.gateway.eventBudget.usedBytes == 0)
        #expect(rig.shutDown() == [])
    }

    @Test("A client that leaves while its call waits for lists does not hold up the server's answer")
    func leftWhileParked() {
        let server = ScriptedServer("s", .legacy, .http)
        server.declaresChanges = false
        server.tools = ["echo"]
        let rig = Rig([server], loops: 2).started()
        let client = rig.session()
        server.tools = ["echo", "hold"]
        rig.world.run(milliseconds: 11_000)
        let call = client.call("s__hold", ["number": 1], token: "t")
        rig.world.run { rig.gateway.loops[0].parked.count == 1 }
        rig.leave(call)
        rig.world.run { !server.held.isEmpty }
        #expect(call.attachment == nil)
        let exchange = server.held.first?.exchange
        for step in 1...3 { say(step, server) }
        rig.world.run(milliseconds: 50)
        #expect(exchange?.wasPaused == false)
        server.release()
        rig.world.run(milliseconds: 100)
        #expect(rig.leftovers() == [])
        #expect(call.streamHeaders == nil && call.answers.isEmpty)
        #expect(rig.shutDown() == [])
    }

    @Test("Nothing is written to a client that left ahead of the first event, nor kept for it")
    func nobody() {
        let rig = Rig([ScriptedServer("s", .legacy, .process)]).started()
        _ = rig.session()
        for ending in 0..<3 {
            let exchange = ClientExchange(loop: rig.world.loops[0])
            let reply = HTTPReply(exchange, callID: CallID(1), in: rig.gateway.sessions.all[0])
            rig.world.loops[0].execute {
                reply.clientLeft()
                #expect(reply.isWritable && reply.isDeserted)
                if ending > 0 { reply.notify(Array("{}".utf8)) }
                #expect(!reply.isResumable)
                if ending == 1 { reply.drop() }
                reply.answer(Array("{}".utf8), status: 200, callID: CallID(1))
            }
            rig.world.settle()
            #expect(exchange.streamHeaders == nil && exchange.answers.isEmpty && !exchange.isOver)
        }
        #expect(rig.gateway.eventBudget.usedBytes == 0)
        #expect(rig.shutDown() == [])
    }

    @Test("A session whose stream breaks over and over keeps one timer, and none while it has a stream")
    func timers() {
        let server = ScriptedServer("s", .legacy, .http)
        let rig = Rig([server], loops: 3).started()
        let client = rig.session()
        let call = client.call("s__echo")
        rig.world.run { call.isOver }
        var stream = client.stream()
        rig.world.run(milliseconds: 50)
        let (attached, open) = (rig.world.timerCount, server.streams.count)
        for round in 0..<20 {
            rig.leave(stream)
            rig.world.settle()
            #expect(rig.world.timerCount == attached + 1)
            stream = client.stream(loop: round % 3)
            rig.world.settle()
            let other = client.stream(loop: (round + 1) % 3)
            rig.world.settle()
            rig.leave(stream)
            rig.world.settle()
            #expect(rig.world.timerCount == attached)
            stream = other
        }
        rig.leave(stream)
        rig.world.run(milliseconds: LegacySession.resumptionMilliseconds - 1_000)
        #expect(server.streams.count == open)
        rig.world.run(milliseconds: 2_000)
        #expect(server.streams.count == open - 1)
        stream = client.stream()
        rig.world.run(milliseconds: 100)
        #expect(server.streams.count == open)
        rig.leave(stream)
        rig.world.run(milliseconds: 100)
        let waiting = rig.world.timerCount
        let end = client.end()
        rig.world.run { end.isOver }
        #expect(rig.world.timerCount < waiting)
        #expect(rig.shutDown() == [])
    }
}
