import Wire

/// A series of numbers at equal distances in time, and where it is known to be unusual.
///
/// Rows are as those of the Numenta benchmark: `series` (its name), `t0` (the time of the first value, as
/// seconds since 1970 or as `YYYY-MM-DD hh:mm:ss`), `step_s`, `values` (null where one is missing) and
/// `windows` (the first and the last index of each unusual part).
struct SeriesData: Sendable {
    var dataset: String
    var name: String
    /// No number where a value is missing.
    var values: [Double]
    var windows: [ClosedRange<Int>]
    private var start: Int64?
    private var step: Double

    /// When a value was taken, in seconds since 1970; nil where the file does not tell.
    func time(_ index: Int) -> Int64? { start.map { $0 + Int64(step * Double(index)) } }

    /// The series of files, in their order.
    static func load(_ paths: [String]) throws(EvaluationFailure) -> [SeriesData] {
        var found: [SeriesData] = []
        for path in paths {
            try InputLines.forEach(path) { view, line throws(EvaluationFailure) in
                guard let values = view["values"] else { return }
                guard let data = SeriesData(view, Array(values.elements)) else {
                    throw .malformedLine(
                        path: path, line: line,
                        reason: "`windows` are no pairs of indices in ascending order, or `step_s` is none")
                }
                found.append(data)
            }
        }
        return found
    }

    private init?(_ view: JSONView, _ elements: [JSONView]) {
        dataset = view["dataset"]?.string ?? "nab"
        name = view["series"]?.string ?? ""
        values = elements.map { $0.double ?? .nan }
        let step = view["step_s"]?.double ?? 0
        guard step >= 0, step <= 1e9 else { return nil }
        self.step = step
        let origin = view["t0"]
        let seconds = origin?.double.flatMap { $0.magnitude < 1e12 ? Int64($0) : nil }
        start = step > 0 ? seconds ?? origin?.string.flatMap(CivilTime.seconds) : nil
        windows = []
        for window in view["windows"].map({ Array($0.elements) }) ?? [] {
            let bounds = window.elements.compactMap { $0.double.flatMap { Int(exactly: $0) } }
            guard bounds.count == 2, bounds[0] <= bounds[1], bounds[1] < values.count,
                bounds[0] > windows.last?.upperBound ?? -1
            else { return nil }
            windows.append(bounds[0]...bounds[1])
        }
    }
}
