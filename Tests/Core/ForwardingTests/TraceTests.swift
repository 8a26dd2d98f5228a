import Telemetry
import Testing

@testable import Forwarding

/// W3C Trace Context in `_meta`.
@Suite struct TraceTests {
    private static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00-\(traceID)-00f067aa0ba902b7-01"

    private func send(_ traceparent: String, _ pair: BridgeTests.Pair) -> (JSONObject, CallRecord?) {
        let server = ScriptedServer("s", pair.modernServer ? .modern : .legacy, pair.http ? .http : .process)
        let rig = Rig([server], seed: 7).started()
        let path = pair.transparent ? "/mcp/s" : "/mcp"
        let meta = ["traceparent": traceparent, "tracestate": "a=1", "baggage": "b=2"]
        let params: JSONObject = [
            "name": pair.transparent ? "echo" : "s__echo", "arguments": [:] as JSONObject,
        ]
        let exchange: ClientExchange
        if pair.modernClient {
            exchange = rig.modern("tools/call", params, at: path, meta: meta)
        } else {
            exchange = rig.session(at: path).post("tools/call", params.merging(["_meta": meta]) { $1 })
        }
        rig.world.run { exchange.isOver }
        #expect(exchange.response?.text == "s: ")
        let seen = server.messages.last { $0.method == "tools/call" }?[path: "params", "_meta"] as? JSONObject
        let record = rig.gateway.recorder.calls.page(limit: 10).calls.first { $0.method == "tools/call" }
        #expect(rig.shutDown() == [])
        return (seen ?? [:], record)
    }

    @Test(
        "A trace goes on in all bridges under a span of the gateway's, and the call's record names it",
        arguments: BridgeTests.Pair.all)
    func continued(_ pair: BridgeTests.Pair) {
        let (seen, record) = send(Self.parent, pair)
        let parent = seen["traceparent"] as? String ?? ""
        #expect(parent.hasPrefix("00-\(Self.traceID)-") && parent.hasSuffix("-01"))
        #expect(parent.count == 55)
        #expect(parent != Self.parent)
        #expect(seen["tracestate"] as? String == "a=1")
        #expect(seen["baggage"] as? String == "b=2")
        #expect(record?.traceID == Self.traceID)
    }

    @Test("What is no trace passes as it is and is not recorded", arguments: BridgeTests.Pair.all)
    func invalid(_ pair: BridgeTests.Pair) {
        let (seen, record) = send("00-zero-00f067aa0ba902b7-01", pair)
        #expect(seen["traceparent"] as? String == "00-zero-00f067aa0ba902b7-01")
        #expect(record?.traceID.isEmpty == true)
    }
}
