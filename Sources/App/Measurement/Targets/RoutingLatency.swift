/// The time to find where a call goes and whether it may: look-up in the catalog, advice, admission.
enum RoutingLatency {
    private static let calls = 20_000

    static let target = Target(name: "routing_latency", unit: "us", bound: .under(50)) {
        () throws(MeasurementFailure) in
        let router = try RoutingWork()
        let value = Rounds.median {
            Rounds.processorNanoseconds { _ = router.route(calls) } / Double(calls) / 1000
        }
        return Target.Reading(
            value: value,
            conditions: "by processor time, median of \(Rounds.count) rounds of \(calls) calls; catalog of "
                + "\(RoutingWork.servers) servers with \(RoutingWork.toolsPerServer) tools each")
    }
}
