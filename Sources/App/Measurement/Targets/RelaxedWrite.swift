import Storage

/// How many writes that outlive a killed process, not a crash of the machine, the commit queue takes.
enum RelaxedWrite {
    static let throughput = Target(
        name: "relaxed_write_throughput", unit: "writes/s", bound: .over(100_000)
    ) { () throws(MeasurementFailure) in
        let rig = try StoreRig()
        let value = try rig.relaxed()
        return Target.Reading(value: value, conditions: rig.relaxedConditions)
    }
}
