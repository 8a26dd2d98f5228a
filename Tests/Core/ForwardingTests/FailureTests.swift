import Routing
import Sessions
import Testing

@testable import Forwarding

@Suite struct FailureTests {
    @Test(
        "When a server dies, each of its callers gets one answer, and other servers do not notice",
        arguments: [true, false])
    func death(http: Bool) {
        let server = ScriptedServer("s", .legacy, http ? .http : .process)
        server.isShared = true
        let other = ScriptedServer("other", .modern, .process)
        let rig = Rig([server, other], loops: 3).started()
        let calls = (0..<12).map { rig.modernCall("s__hold", loop: $0 % 3) }
        let bystander = rig.modernCall("other__hold")
        rig.world.run { server.held.count == 12 && !other.held.isEmpty }
        server.die()
        rig.world.run(milliseconds: 500)
        for call in calls {
            #expect(call.responseCount == 1)
            #expect(call.response?.isToolError == true)
            #expect(call.response?.reason == "upstream_unavailable")
        }
        other.release()
        rig.world.run { bystander.isOver }
        #expect(bystander.response?.text == "held 0")
        #expect(rig.leftovers() == [])
    }

    @Test("A process that ends is started again, and serves again")
    func restart() {
        let server = ScriptedServer("s", .modern, .process)
        let rig = Rig([server]).started()
        #expect(server.launches == 1)
        let crash = rig.modernCall("s__crash")
        rig.world.run(milliseconds: 1_500)
        #expect(crash.response?.isToolError == true)
        #expect(server.launches == 2)
        let report = rig.gateway.serverReports[0]
        #expect(report.state == "up")
        #expect(report.restarts == 1)
        #expect(report.lastError?.contains("last words") == true)
        let call = rig.modernCall("s__echo")
        rig.world.run { call.isOver }
        #expect(call.response?.text == "s: ")
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A server that can't start is tried again after pauses that grow, and calls to it are answered soon")
    func backOff() {
        let server = ScriptedServer("s", .modern, .process)
        server.isUp = false
        let rig = Rig([server]).started()
        rig.world.run(milliseconds: 60_000)
        #expect((6...14).contains(server.launches))
        let call = rig.modernCall("s__echo")
        rig.world.run(atMost: 12_000) { call.isOver }
        #expect(call.response?.reason == "upstream_unavailable")
        server.isUp = true
        rig.world.run(milliseconds: 16_000)
        let again = rig.modernCall("s__echo")
        rig.world.run { again.isOver }
        #expect(again.response?.text == "s: ")
        #expect(rig.shutDown() == [])
    }

    @Test("Many calls to a server that can't start do not start it over and over")
    func onDemand() {
        let server = ScriptedServer("s", .modern, .process)
        server.isUp = false
        let rig = Rig([server]).started()
        rig.world.run(milliseconds: 20_000)
        let before = server.launches
        for _ in 0..<100 {
            _ = rig.modernCall("s__echo", loop: 1)
            rig.world.run(milliseconds: 100)
        }
        #expect(server.launches - before <= 6)
        #expect(rig.leftovers() == [])
    }

    @Test("A server that answers nothing leaves lists and other calls within 10 s, its own calls within 12 s")
    func silent() {
        let (good, bad) = (ScriptedServer("good", .modern, .process), ScriptedServer("bad", .legacy, .http))
        bad.isSilent = true
        let rig = Rig([good, bad])
        rig.world.run(milliseconds: 20)
        let list = rig.modern("tools/list")
        let call = rig.modernCall("good__echo")
        let dead = rig.modernCall("bad__echo")
        #expect(rig.world.run(atMost: 500) { call.isOver })
        #expect(rig.world.run(atMost: 9_500) { list.isOver })
        #expect(list.response?.names("tools").count == 6)
        #expect(rig.world.run(atMost: 2_500) { dead.isOver })
        #expect(dead.response?.reason == "upstream_unavailable")
        #expect(rig.shutDown() == [])
    }

    @Test("A call waits for a server that is starting, its lists included, and is then sent once")
    func waitsForStart() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server], loops: 3)
        let calls = (0..<3).map { rig.modernCall("s__echo", ["text": "\($0)"], loop: $0) }
        rig.world.run { calls.allSatisfy(\.isOver) }
        #expect(calls.map { $0.response?.text } == ["s: 0", "s: 1", "s: 2"])
        #expect(server.count("tools/call") == 3)
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A call that comes while a server is being asked for its lists waits for them",
        arguments: [true, false])
    func waitsForLists(http: Bool) {
        for seed in 1...10 {
            let server = ScriptedServer("s", .legacy, http ? .http : .process)
            let rig = Rig([server], loops: 3, seed: UInt64(seed))
            rig.world.run { server.count("tools/list") > 0 }
            let calls = [
                rig.modernCall("s__echo", loop: 1), rig.modernCall("echo", at: "/mcp/s", loop: 2),
            ]
            rig.world.run { calls.allSatisfy(\.isOver) }
            #expect(calls.map { $0.response?.text } == ["s: ", "s: "])
        }
    }

    @Test(
        "A lost upstream session is opened anew and the request sent again, once, whichever loop it came on")
    func lostSession() {
        let server = ScriptedServer("s", .legacy, .http)
        let rig = Rig([server], loops: 3).started()
        let client = rig.session()
        for loop in 0..<3 {
            let first = client.call("s__count", loop: loop)
            rig.world.run { first.isOver }
            #expect(first.response?.text == "\(loop == 0 ? 1 : 2)")
            server.sessions = [:]
            let second = client.call("s__count", loop: (loop + 1) % 3)
            rig.world.run { second.isOver }
            #expect(second.response?.text == "1")
        }
        #expect(server.protocolErrors == [])
        #expect(rig.shutDown() == [])
    }

    @Test("A tool call whose connection breaks is not repeated, a list is")
    func repeats() {
        let server = ScriptedServer("s", .modern, .http)
        let rig = Rig([server]).started()
        let call = rig.modernCall("s__hold")
        rig.world.run { !server.held.isEmpty }
        for exchange in Array(server.exchanges.values) where server.streams[ObjectIdentifier(exchange)] == nil
        {
            exchange.fail(.broken("reset"))
        }
        rig.world.run { call.isOver }
        #expect(call.response?.reason == "upstream_unavailable")
        #expect(server.count("tools/call") == 1)
        server.isSilent = true
        let list = rig.modern("prompts/list", at: "/mcp/s")
        rig.world.run(milliseconds: 20)
        server.isSilent = false
        for exchange in Array(server.exchanges.values) where server.streams[ObjectIdentifier(exchange)] == nil
        {
            exchange.fail(.broken("reset"))
        }
        rig.world.run { list.isOver }
        #expect(list.response?.names("prompts") == ["greet"])
    }

    @Test("An answer beyond the size limit and one that is no JSON-RPC are told apart")
    func badAnswers() {
        let server = ScriptedServer("s", .modern, .http)
        let rig = Rig([server]).started()
        let cases: [(UpstreamFailure, String)] = [
            (.messageTooLarge, "message_too_large"), (.malformed("no HTTP"), "upstream_protocol_error"),
            (.broken("reset"), "upstream_unavailable"),
        ]
        for (failure, reason) in cases {
            let call = rig.modernCall("s__hold")
            rig.world.run { !server.held.isEmpty || call.isOver }
            server.held.first?.exchange?.fail(failure)
            server.held = []
            rig.world.run { call.isOver }
            #expect(call.response?.reason == reason)
            rig.world.run(milliseconds: 3_000)
        }
        #expect(rig.shutDown() == [])
    }

    @Test("Where the gateway has no connection free, a call is overloaded and the server stays up")
    func crowded() {
        let server = ScriptedServer("s", .modern, .http)
        let rig = Rig([server]).started()
        server.isCrowded = true
        let calls = (0..<3).map { rig.modernCall("s__echo", loop: $0 % 2) }
        rig.world.run { calls.allSatisfy(\.isOver) }
        for call in calls {
            #expect(call.response?.errorCode == 1004)
            #expect(call.response?.reason == "overloaded")
            #expect(call.response?[path: "error", "data", "attune", "retry_after_ms"] as? Int == 1000)
        }
        // The gateway's own look after the server finds no connection either.
        rig.world.run(milliseconds: 60_000)
        let report = rig.gateway.serverReports[0]
        #expect(report.state == "up")
        #expect(report.restarts == 0)
        server.isCrowded = false
        let call = rig.modernCall("s__echo")
        rig.world.run { call.isOver }
        #expect(call.response?.text == "s: ")
        #expect(rig.shutDown() == [])
    }

    @Test(
        "A server's wish for a pause is handed on, within bounds",
        arguments: [(7, 7_000), (0, 0), (-5, 0), (Int.max, 3_600_000), (Int.min, 0)])
    func pause(seconds: Int, milliseconds: Int) {
        let server = ScriptedServer("s", .modern, .http)
        let rig = Rig([server]).started()
        let call = rig.modernCall("s__hold")
        rig.world.run { !server.held.isEmpty }
        server.held.first?.exchange?.refuse(429, retryAfterSeconds: seconds)
        rig.world.run { call.isOver }
        #expect(call.response?.errorCode == 1004)
        #expect(
            call.response?[path: "error", "data", "attune", "retry_after_ms"] as? Int == milliseconds)
        #expect(rig.gateway.serverReports[0].state == "up")
    }

    @Test("A session that finds no connection free to open upstream is overloaded, and opens later")
    func crowdedSession() {
        let server = ScriptedServer("s", .legacy, .http)
        let rig = Rig([server]).started()
        let client = rig.session()
        server.isCrowded = true
        let refused = client.call("s__count")
        rig.world.run { refused.isOver }
        #expect(refused.response?.errorCode == 1004)
        #expect(rig.gateway.serverReports[0].state == "up")
        server.isCrowded = false
        let call = client.call("s__count")
        rig.world.run { call.isOver }
        #expect(call.response?.text == "1")
        #expect(rig.shutDown() == [])
    }

    @Test("A process that closes its streams is ended, so that none is left behind")
    func closedStreams() {
        let server = ScriptedServer("s", .modern, .process)
        let rig = Rig([server]).started()
        server.liveProcesses.first?.closeStreams()
        rig.world.run(milliseconds: 1_000)
        #expect(server.launches == 2)
        #expect(server.liveProcesses.count == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A server whose answer comes on a stream that it leaves open does not hold connections")
    func openTail() {
        let server = ScriptedServer("s", .modern, .http)
        server.streamsAnswers = true
        server.leavesStreamsOpen = true
        let rig = Rig([server]).started()
        for _ in 0..<5 {
            let call = rig.modernCall("s__echo")
            rig.world.run { call.isOver }
            #expect(call.response?.text == "s: ")
        }
        rig.world.run(milliseconds: 1_500)
        #expect(server.exchanges.count == server.streams.count)
    }

    @Test("A long line of calls that fail at once is answered without a deep stack")
    func longLine() {
        let server = ScriptedServer("s", .modern, .process)
        server.advice = Advice(
            deadlineMilliseconds: 30_000, concurrencyLimit: 1, queueBound: 20_000, maxAttempts: 1)
        let rig = Rig([server]).started()
        let calls = (0..<5_000).map { _ in rig.modernCall("s__hold") }
        rig.world.settle()
        server.isUp = false
        server.die()
        rig.world.run(milliseconds: 1_000)
        #expect(calls.allSatisfy { $0.response?.reason == "upstream_unavailable" })
        #expect(rig.leftovers() == [])
    }
}
