import Testing

@testable import Forwarding

@Suite struct DrainingTests {
    private func count(_ rig: Rig) -> Int? {
        let box = Box()
        rig.gateway.countCalls { box.value = $0 }
        rig.world.settle()
        return box.value
    }

    @Test("While the gateway drains, calls under way end as usual and new ones are refused with 1007")
    func drains() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server], loops: 3).started()
        let client = rig.session()
        let running = client.call("s__hold", loop: 1)
        rig.world.run { !server.held.isEmpty }
        rig.gateway.enter(.draining)
        rig.world.settle()
        #expect(count(rig) == 1)
        let refused = [
            client.call("s__echo", loop: 2), rig.modernCall("s__echo"), rig.modern("tools/list"),
            rig.modern("subscriptions/listen", ["notifications": ["toolsListChanged": true]]),
            client.post("initialize", ["protocolVersion": "2025-11-25"]),
        ]
        rig.world.run(milliseconds: 50)
        for exchange in refused {
            #expect(exchange.response?.errorCode == 1007)
            #expect(exchange.response?.reason == "draining")
        }
        server.release()
        rig.world.run { running.isOver }
        #expect(running.response?.text == "held 0")
        #expect(count(rig) == 0)
        #expect(rig.shutDown() == [])
    }

    @Test("What is still under way at the end is answered, streams end, and listeners are told")
    func ends() {
        let servers = [
            ScriptedServer("p", .legacy, .process), ScriptedServer("h", .legacy, .http),
            ScriptedServer("m", .modern, .http),
        ]
        let rig = Rig(servers, loops: 3).started()
        let calls = servers.enumerated().map { rig.modernCall("\($1.name)__hold", loop: $0) }
        let stream = rig.session().stream()
        let listener = rig.modern(
            "subscriptions/listen", ["notifications": ["toolsListChanged": true]], id: "L")
        rig.world.run { servers.allSatisfy { !$0.held.isEmpty } }
        #expect(rig.shutDown() == [])
        for call in calls {
            #expect(call.responseCount == 1)
            #expect(call.response?.reason == "draining")
        }
        #expect(stream.isOver)
        #expect(listener.isOver)
        #expect(listener.events.last?["id"] as? String == "L")
    }
}

private final class Box: @unchecked Sendable {
    // Proof of Sendable: as its world.
    var value: Int?
}
