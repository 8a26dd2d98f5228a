import Identifiers
import Routing
import Testing

@testable import Forwarding

/// Legacy servers over HTTP that end an event stream ahead of the answer (2025-11-25, basic/transports).
@Suite struct ResumptionTests {
    private func rig(_ rounds: Int, advice: Advice = .standard) -> (Rig, ScriptedServer) {
        let server = ScriptedServer("s", .legacy, .http)
        server.advice = advice
        let rig = Rig([server], seed: 5).started()
        server.pollRounds = rounds
        return (rig, server)
    }

    @Test(
        "The answer is taken from the stream that goes on after the pause", arguments: [1, 4], [true, false])
    func polled(rounds: Int, modern: Bool) {
        let (rig, server) = rig(rounds)
        let exchange =
            modern ? rig.modernCall("s__echo", ["text": "hi"]) : rig.session().call("s__echo", ["text": "hi"])
        rig.world.run { exchange.isOver }
        #expect(exchange.response?.text == "s: hi")
        #expect(server.count("tools/call") == 1)
        let times = server.polls.values.first?.times ?? []
        #expect(times.count == 2 * rounds)
        for pair in stride(from: 0, to: times.count - 1, by: 2) {
            let pause = times[pair + 1].nanoseconds(since: times[pair]) / 1_000_000
            #expect((500...520).contains(pause))
        }
        #expect(rig.shutDown() == [])
    }

    @Test("A stream that never comes to its answer is left at the call's deadline")
    func endless() {
        let advice = Advice(
            deadlineMilliseconds: 5_000, concurrencyLimit: 4, queueBound: 4, maxAttempts: 2)
        let (rig, server) = rig(1_000_000, advice: advice)
        let exchange = rig.session().call("s__echo")
        rig.world.run { exchange.isOver }
        #expect(exchange.response?.reason == "upstream_timeout")
        let asked = server.polls.values.first?.times.count ?? 0
        rig.world.run(milliseconds: 5_000)
        #expect(server.polls.values.first?.times.count == asked)
        #expect(rig.shutDown() == [])
    }

    @Test("A server that does not go on with an answer fails the call, which is not sent again")
    func refused() {
        let (rig, server) = rig(1)
        server.offersStream = false
        let exchange = rig.session().call("s__hold")
        rig.world.run(milliseconds: 100)
        server.polls = [:]
        rig.world.run { exchange.isOver }
        #expect(exchange.response?.reason == "upstream_unavailable")
        #expect(server.count("tools/call") == 1)
        server.held = []
        #expect(rig.shutDown() == [])
    }

    @Test("A session's own stream goes on where it ended")
    func listening() {
        let (rig, server) = rig(0)
        let client = rig.session(at: "/mcp/s")
        let stream = client.stream()
        rig.world.run(milliseconds: 200)
        for (exchange, _) in Array(server.streams.values) {
            exchange.prime("event-9", retry: 700)
            exchange.finish()
        }
        rig.world.run(milliseconds: 2_000)
        #expect(server.fields.contains { $0.lastEventID == "event-9" })
        #expect(!stream.isOver)
        #expect(rig.shutDown() == [])
    }
}
