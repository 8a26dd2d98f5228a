import Storage

/// The time that a durable write takes when many come at once, and how many there are in a second.
enum DurableWrite {
    static let latency = Target(name: "durable_write_latency_p99", unit: "us", bound: .under(10_000)) {
        () throws(MeasurementFailure) in
        let rig = try StoreRig()
        let value = try rig.median { Rounds.quantile(0.99, $0.waits.sorted()) / 1000 }
        return Target.Reading(value: value, conditions: "from call to acknowledgement; \(rig.conditions)")
    }

    static let throughput = Target(
        name: "durable_write_throughput", unit: "writes/s", bound: .over(10_000)
    ) { () throws(MeasurementFailure) in
        let rig = try StoreRig()
        let value = try rig.median { Double($0.waits.count) * 1e9 / $0.nanoseconds }
        return Target.Reading(value: value, conditions: rig.conditions)
    }
}
