import Sessions

/// What writing a call into the shared region costs the loop that carries it.
enum ObservationCost {
    /// Calls that go through each of the two gateways in turn.
    private static let calls = 500
    private static let pairs = 60
    /// Calls that fill the rings once, so that no page of them is new to the process any more.
    private static let warmUpCalls = 70_000

    /// Processor time of a call through the whole gateway over HTTP with 32 connections, in nanoseconds: the
    /// least of 36 bursts of `Benchmarks/observation/compare` (docs/benchmarks.md, "What observing a call
    /// costs"). In memory a call takes an eighth of that.
    private static let wholeCall = 30_440.0

    static let cost = Target(name: "observation_cost", unit: "ns", bound: .under(150)) {
        () throws(MeasurementFailure) in
        let (cost, conditions) = try measure()
        return Target.Reading(value: cost, conditions: conditions)
    }

    static let share = Target(name: "observation_share", unit: "%", bound: .under(1)) {
        () throws(MeasurementFailure) in
        let (cost, conditions) = try measure()
        return Target.Reading(
            value: cost / wholeCall * 100,
            conditions: "of the \(Int(wholeCall)) ns that a call takes over HTTP; \(conditions)")
    }

    private static func measure() throws(MeasurementFailure) -> (nanoseconds: Double, conditions: String) {
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
        return (
            value,
            "processor time of a call with a region less that of one without, which is "
                + "\(Int(Rounds.middle(wholes))) ns; median of \(Rounds.count) rounds of \(pairs) pairs of "
                + "\(calls) calls in turn on one loop, each shown to readers by itself; "
                + "\(message.count)-byte tools/call of a legacy session; in memory, without transports"
        )
    }

    /// Nanoseconds of processor time a call.
    private static func time(_ gateway: MemoryGateway, _ request: HTTPRequest) -> Double {
        Rounds.processorNanoseconds { for _ in 0..<calls { gateway.send(request) } } / Double(calls)
    }
}
