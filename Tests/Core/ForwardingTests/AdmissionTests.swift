import Routing
import Testing

@testable import Forwarding

@Suite struct AdmissionTests {
    @Test(
        "A server gets no more calls at once than its limit; others wait in line, those beyond are refused"
    )
    func limits() {
        let server = ScriptedServer("s", .modern, .http)
        server.advice = Advice(
            deadlineMilliseconds: 30_000, concurrencyLimit: 2, queueBound: 3, maxAttempts: 1)
        let rig = Rig([server], loops: 3).started()
        let calls = (0..<7).map { rig.modernCall("s__hold", ["number": $0], loop: $0 % 3) }
        rig.world.run(milliseconds: 50)
        #expect(server.held.count == 2)
        let refused = calls.filter(\.isOver)
        #expect(refused.count == 2)
        for exchange in refused {
            #expect(exchange.response?.errorCode == 1004)
            #expect(exchange.response?.reason == "overloaded")
            #expect(exchange.response?[path: "error", "data", "attune", "retry_after_ms"] is Int)
        }
        for _ in 0..<5 {
            #expect(server.held.count <= 2)
            server.releaseOne(at: 0)
            rig.world.run(milliseconds: 10)
        }
        #expect(calls.allSatisfy { $0.isOver })
        #expect(calls.filter { $0.response?.text != nil }.count == 5)
        #expect(rig.shutDown() == [])
    }

    @Test("Metrics tell of servers by state, calls under way and waiting, their limits, and sessions")
    func gauges() {
        let busy = ScriptedServer("busy", .modern, .http)
        busy.advice = Advice(
            deadlineMilliseconds: 30_000, concurrencyLimit: 2, queueBound: 3, maxAttempts: 1)
        let own = ScriptedServer("own", .legacy, .process)
        let down = ScriptedServer("down", .modern, .http)
        down.isUp = false
        let rig = Rig([busy, own, down], loops: 3).started()
        for family in rig.gateway.gauges { rig.gateway.recorder.metrics.register(family) }
        let calls = (0..<4).map { rig.modernCall("busy__hold", loop: $0 % 3) }
        let client = rig.session()
        let other = client.call("own__echo")
        rig.world.run { busy.held.count == 2 && other.isOver }
        let page = String(decoding: rig.gateway.recorder.metrics.page(), as: UTF8.self)
        for sample in [
            #"servers{state="starting"} 0"#, #"servers{state="up"} 2"#, #"servers{state="down"} 1"#,
            #"server_up{server="busy"} 1"#, #"server_up{server="down"} 0"#,
            #"server_tools{server="own"} 6"#, #"server_tools{server="down"} 0"#,
            #"server_sessions{server="own"} 2"#, #"calls_in_flight{server="busy"} 2"#,
            #"calls_in_flight{server="own"} 0"#, #"calls_in_flight_limit{server="busy"} 2"#,
            #"queue_length{server="busy"} 2"#, #"queue_limit{server="busy"} 3"#,
            #"server_restarts_total{server="busy"} 0"#, "sessions 1",
        ] {
            #expect(page.contains("\nattune_\(sample)\n"))
        }
        busy.die()
        rig.world.run { calls.allSatisfy(\.isOver) }
        let after = String(decoding: rig.gateway.recorder.metrics.page(), as: UTF8.self)
        #expect(after.contains("\nattune_calls_in_flight{server=\"busy\"} 0\n"))
        #expect(after.contains("\nattune_queue_length{server=\"busy\"} 0\n"))
        #expect(rig.shutDown() == [])
    }

    @Test("A call that leaves the line gives its place in it to another")
    func leavesLine() {
        let server = ScriptedServer("s", .modern, .process)
        server.advice = Advice(
            deadlineMilliseconds: 30_000, concurrencyLimit: 1, queueBound: 1, maxAttempts: 1)
        let rig = Rig([server], loops: 3).started()
        let first = rig.modernCall("s__hold", loop: 0)
        rig.world.run { !server.held.isEmpty }
        for loop in 0..<20 {
            let waiting = rig.modernCall("s__hold", loop: loop % 3)
            rig.world.run(milliseconds: 5)
            #expect(!waiting.isOver)
            rig.leave(waiting)
            rig.world.run(milliseconds: 5)
        }
        server.release()
        rig.world.run { first.isOver }
        #expect(server.count("tools/call") == 1)
        #expect(rig.shutDown() == [])
    }

    @Test("A higher limit in the configuration lets waiting calls run, and the server is not started anew")
    func newLimits() {
        let server = ScriptedServer("s", .modern, .process)
        server.advice = Advice(
            deadlineMilliseconds: 30_000, concurrencyLimit: 1, queueBound: 10, maxAttempts: 1)
        let rig = Rig([server], loops: 2).started()
        let calls = (0..<4).map { rig.modernCall("s__hold", loop: $0 % 2) }
        rig.world.run(milliseconds: 50)
        #expect(server.held.count == 1)
        server.advice.concurrencyLimit = 3
        rig.apply([server])
        rig.world.run(milliseconds: 50)
        #expect(server.held.count == 3)
        #expect(server.launches == 1)
        server.release()
        rig.world.run(milliseconds: 50)
        server.release()
        rig.world.run { calls.allSatisfy(\.isOver) }
        #expect(rig.shutDown() == [])
    }
}
