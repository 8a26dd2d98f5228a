/// How many tool calls a second one loop carries, transports apart.
enum MessagePathThroughput {
    private static let calls = 20_000

    static let target = Target(
        name: "message_path_throughput", unit: "messages/s", bound: .over(100_000)
    ) { () throws(MeasurementFailure) in
        let gateway = try MemoryGateway()
        let message = Payloads.call(tool: "b__echo_7", padding: 0)
        let request = gateway.request(message)
        let value = Rounds.median {
            let time = Rounds.processorNanoseconds { for _ in 0..<calls { gateway.send(request) } }
            return Double(calls) * 1e9 / time
        }
        return Target.Reading(
            value: value,
            conditions:
                "a call and its answer count as one message; by processor time, median of \(Rounds.count) rounds of "
                + "\(calls) calls on one loop; \(message.count)-byte tools/call of a legacy session, two legacy "
                + "servers; in memory, without transports")
    }
}
