/// The time to read or write an entry of the state table, and how many of these two threads do in a second.
enum StateAccess {
    private static let operations = 50_000
    private static let work =
        "of 20 operations 14 read, 5 write, one removes; \(StateRig.keys) texts with \(StateRig.valueBytes) bytes "
        + "and \(StateRig.keys) counters under 64-bit keys"

    static let latency = Target(name: "state_access_latency_p99", unit: "us", bound: .under(10)) {
        () throws(MeasurementFailure) in
        let rig = try StateRig()
        let value = Rounds.median {
            var sum = 0
            let times = (0..<operations).map { step in Rounds.nanoseconds { sum &+= rig.access(step) } }
            return sum == 0 ? .nan : Rounds.quantile(0.99, times.sorted()) / 1000
        }
        return Target.Reading(
            value: value,
            conditions:
                "median of \(Rounds.count) rounds of \(operations) operations, one after the other; \(work)")
    }

    static let throughput = Target(
        name: "state_access_throughput", unit: "operations/s", bound: .over(1_000_000)
    ) { () throws(MeasurementFailure) in
        let rig = try StateRig()
        let value = Rounds.median {
            let both = rig.processorNanosecondsOnTwoThreads(operations)
            return Double(2 * operations) * 1e9 / (both / 2)
        }
        return Target.Reading(
            value: value,
            conditions:
                "two threads at once, by their processor time; median of \(Rounds.count) rounds of \(operations) "
                + "operations each; \(work)")
    }
}
