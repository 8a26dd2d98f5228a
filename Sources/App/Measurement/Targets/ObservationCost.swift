import Sessions

/// What writing a call into the shared region costs the loop that carries it.
enum ObservationCost {
    /// Calls that go through each of the two gateways in turn.
    private static let calls = 500
    private static let pairs = 60
    /// Calls that fill the rings once, so that no page of them is new to the process any more.
    private static let warmUpCalls = 70_000

    static let target = Target(name: "observation_cost", unit: "ns", bound: .under(150)) {
        () throws(MeasurementFailure) in
        let plain = try MemoryGateway()
        let observed = try MemoryGateway(isObserved: true)
        let message = Payloads.call(tool: "b__echo_7", padding: 0)
        let (request, observedRequest) = (plain.request(message), observed.request(message))
        for _ in 0..<warmUpCalls { observed.send(observedRequest) }
        var wholes: [Double] = []
        let value = Rounds.median {
            Rounds.middle(
                (0..<pairs).map { pair in
                    // Each comes first as often as the other.
                    let isFirst = pair.isMultiple(of: 2)
                    let before = isFirst ? time(plain, request) : 0
                    let with = time(observed, observedRequest)
                    let without = isFirst ? before : time(plain, request)
                    wholes.append(without)
                    return with - without
                })
        }
        return Target.Reading(
            value: value,
            conditions:
                "processor time of a call with a region less that of one without, which is "
                + "\(Int(Rounds.middle(wholes))) ns; median of \(Rounds.count) rounds of \(pairs) pairs of "
                + "\(calls) calls in turn on one loop, each shown to readers by itself; "
                + "\(message.count)-byte tools/call of a legacy session; in memory, without transports")
    }

    /// Nanoseconds of processor time a call.
    private static func time(_ gateway: MemoryGateway, _ request: HTTPRequest) -> Double {
        Rounds.processorNanoseconds { for _ in 0..<calls { gateway.send(request) } } / Double(calls)
    }
}
