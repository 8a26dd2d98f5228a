/// One promise of the system: a bound, and the way to measure what it bounds.
struct Target: Sendable {
    enum Bound: Sendable {
        case under(Double)
        case over(Double)
    }

    struct Reading {
        var value: Double
        var conditions: String
    }

    let name: String
    let unit: String
    let bound: Bound
    let measure: @Sendable () throws(MeasurementFailure) -> Reading

    func row(_ machine: Machine) throws(MeasurementFailure) -> TargetRow {
        let reading = try measure()
        let (bound, holds) =
            switch bound {
            case .under(let bound): (bound, reading.value < bound)
            case .over(let bound): (bound, reading.value > bound)
            }
        return TargetRow(
            target: name, unit: unit, bound: bound, value: reading.value, holds: holds,
            conditions: "\(reading.conditions); \(machine.text)")
    }
}
