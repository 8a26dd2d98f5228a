import Identifiers

/// The time that a tool call takes within the gateway: from the body's bytes through frame, session, route,
/// admission and the server's port to the client's answer and the record of the call.
enum MessagePathLatency {
    private static let calls = 5_000

    static let median = target("message_path_latency_p50", 0.5)
    static let p99 = target("message_path_latency_p99", 0.99)

    private static func target(_ name: String, _ q: Double) -> Target {
        Target(name: name, unit: "us", bound: .under(100)) { () throws(MeasurementFailure) in
            let gateway = try MemoryGateway()
            let message = Payloads.call(tool: "a__echo", padding: 0)
            let request = gateway.request(message)
            let value = Rounds.median {
                let times = (0..<calls).map { _ in Rounds.nanoseconds { gateway.send(request) } }
                return Rounds.quantile(q, times.sorted()) / 1000
            }
            return Target.Reading(
                value: value,
                conditions: "median of \(Rounds.count) rounds of \(calls) calls, one after the other; "
                    + "\(message.count)-byte tools/call of a legacy session, two legacy servers; in memory, "
                    + "without transports")
        }
    }
}
