/// All promises that can be measured in one process, one file each under `Targets/`.
package enum Targets {
    static let all: [Target] = [
        MessagePathLatency.median, MessagePathLatency.p99, MessagePathThroughput.target,
        RoutingLatency.target, WireScan.call, WireScan.list, StateAccess.latency, StateAccess.throughput,
        ObservationCost.cost, ObservationCost.share, DurableWrite.latency, DurableWrite.throughput,
        RelaxedWrite.throughput,
    ]

    /// Measures them one after the other, which takes some seconds.
    package static func measure() throws(MeasurementFailure) -> [TargetRow] {
        let machine = Machine.current
        var rows: [TargetRow] = []
        for target in all { rows.append(try target.row(machine)) }
        return rows
    }
}
