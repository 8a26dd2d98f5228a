import Routing
import Testing

@testable import Forwarding

@Suite struct CancellationTests {
    private func server(_ kind: ScriptedServer.Kind, _ http: Bool) -> ScriptedServer {
        ScriptedServer("s", kind, http ? .http : .process)
    }

    @Test(
        "A modern client that goes away cancels its call at the server", arguments: [true, false],
        [true, false])
    func modernDisconnect(modernServer: Bool, http: Bool) {
        let server = server(modernServer ? .modern : .legacy, http)
        let rig = Rig([server]).started()
        let exchange = rig.modernCall("s__hold")
        rig.world.run { !server.held.isEmpty }
        rig.leave(exchange)
        rig.world.run(milliseconds: 100)
        #expect(server.held.isEmpty)
        #expect(server.cancelled.count == (modernServer && http ? 0 : 1))
        #expect(exchange.responseCount == 0)
        #expect(rig.shutDown() == [])
    }

    @Test("A legacy client that goes away does not cancel its call, and its place is free when the call ends")
    func legacyDisconnect() {
        let server = server(.legacy, true)
        let rig = Rig([server]).started()
        let client = rig.session()
        let exchange = client.call("s__hold")
        rig.world.run { !server.held.isEmpty }
        rig.leave(exchange)
        rig.world.run(milliseconds: 100)
        #expect(server.held.count == 1)
        // Nobody reads, so nothing may wait for a reader.
        server.held.first?.notify(ScriptedServer.progress(server.held.first?.token ?? "x", 1))
        rig.world.run(milliseconds: 10)
        #expect(server.exchanges.values.allSatisfy { !$0.isPaused })
        server.release()
        rig.world.run(milliseconds: 100)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A legacy client's cancel reaches the call from any loop; the late answer is dropped",
        arguments: [true, false])
    func cancel(http: Bool) {
        let server = server(.legacy, http)
        server.answersAfterCancel = true
        let rig = Rig([server], loops: 3).started()
        let client = rig.session()
        let exchange = client.call("s__hold", id: "c-1", loop: 1)
        rig.world.run { !server.held.isEmpty }
        let note = client.notify("notifications/cancelled", ["requestId": "c-1"], loop: 2)
        rig.world.run { note.isOver && exchange.isOver }
        #expect(note.status == 202)
        #expect(exchange.responseCount == 0)
        rig.world.run(milliseconds: 100)
        #expect(server.cancelled.count == 1)
        server.release()
        rig.world.run(milliseconds: 100)
        #expect(exchange.responseCount == 0)
        #expect(rig.shutDown() == [])
    }

    @Test("A cancel names only the canceller's own request, though another client's has the same id")
    func ownOnly() {
        let server = server(.legacy, false)
        let rig = Rig([server]).started()
        let (first, second) = (rig.session(), rig.session())
        let (one, two) = (first.call("s__hold", id: 5), second.call("s__hold", id: 5))
        rig.world.run { server.held.count == 2 }
        _ = first.notify("notifications/cancelled", ["requestId": 5], loop: 1)
        rig.world.run { one.isOver }
        #expect(!two.isOver)
        server.release()
        rig.world.run { two.isOver }
        #expect(two.response?.text == "held 0")
        #expect(rig.shutDown() == [])
    }

    @Test("A request that waits for a server that starts can be cancelled, and is not sent later")
    func parked() {
        let server = server(.legacy, true)
        server.isSilent = true
        let rig = Rig([server])
        rig.world.run(milliseconds: 50)
        let channel = rig.lines()
        let message = Rig.modernMessage("tools/call", ["name": "s__echo"], id: 9)
        rig.write(message, to: channel)
        let gone = rig.modernCall("s__echo", loop: 1)
        rig.world.run(milliseconds: 50)
        #expect(rig.gateway.loops.map { $0.parked.count } == [1, 1])
        rig.write(
            Rig.modernMessage("notifications/cancelled", ["requestId": 9], id: 0).filter { $0.key != "id" },
            to: channel)
        rig.leave(gone)
        rig.world.run(milliseconds: 50)
        #expect(rig.gateway.loops.map { $0.parked.count } == [0, 0])
        server.isSilent = false
        rig.world.run(milliseconds: 30_000)
        #expect(server.count("tools/call") == 0)
        #expect(channel.responses(9).isEmpty)
        channel.close()
        #expect(rig.shutDown() == [])
    }

    @Test("Requests that wait for a server go with their session, and with their connection")
    func parkedWithSession() {
        let server = server(.legacy, true)
        server.isSilent = true
        let rig = Rig([server], loops: 3)
        let client = rig.session()
        let channel = rig.lines(loop: 1)
        rig.write(Rig.modernMessage("tools/list", [:], id: 9), to: channel)
        let list = client.post("tools/list", loop: 2)
        rig.world.run(milliseconds: 50)
        #expect(rig.gateway.loops.map { $0.parked.count } == [0, 1, 1])
        let end = client.end()
        channel.close()
        rig.world.run(milliseconds: 50)
        #expect(end.status == 204)
        #expect(list.isOver)
        #expect(rig.gateway.loops.map { $0.parked.count } == [0, 0, 0])
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A call that takes too long is answered once, as a tool result; its late answer is dropped",
        arguments: [true, false])
    func timeout(http: Bool) {
        let server = server(.legacy, http)
        server.answersAfterCancel = true
        server.advice = Advice(
            deadlineMilliseconds: 2_000, concurrencyLimit: 8, queueBound: 8, maxAttempts: 2)
        let rig = Rig([server]).started()
        let exchange = rig.session().call("s__hold")
        rig.world.run(milliseconds: 1_900)
        #expect(!exchange.isOver)
        rig.world.run(milliseconds: 200)
        #expect(exchange.response?.isToolError == true)
        #expect(exchange.response?.reason == "upstream_timeout")
        rig.world.run(milliseconds: 100)
        #expect(server.cancelled.count == 1)
        server.release()
        rig.world.run(milliseconds: 100)
        #expect(exchange.responseCount == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("What is queued when its time is over is answered, and never sent")
    func queuedTimeout() {
        let server = server(.modern, false)
        server.advice = Advice(
            deadlineMilliseconds: 1_000, concurrencyLimit: 1, queueBound: 8, maxAttempts: 1)
        let rig = Rig([server]).started()
        let calls = (0..<3).map { rig.modernCall("s__hold", loop: $0 % 2) }
        rig.world.run(milliseconds: 1_200)
        #expect(calls.allSatisfy { $0.response?.reason == "upstream_timeout" })
        #expect(server.count("tools/call") == 1)
        #expect(rig.shutDown() == [])
    }
}
