import Wire

/// What one task gave on one data set.
package struct EvaluationResult: Sendable {
    package var task: EvaluationTask
    package var dataset: String
    /// Rows that were scored.
    package var rows: Int
    /// Rows that were learned first.
    package var warmRows: Int
    package var seed: UInt64
    package var metrics: [(metric: EvaluationMetric, value: Double)]
    /// Medians in nanoseconds.
    package var predictNanoseconds: Int
    package var updateNanoseconds: Int
    /// The metrics after 100, 200, 500, 1,000 … rows; empty unless they are asked for.
    package var curve: [CurvePoint] = []

    package func value(_ metric: EvaluationMetric) -> Double? {
        metrics.first { $0.metric == metric }?.value
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("task", task.rawValue)
        json.field("dataset", dataset)
        json.field("n", rows)
        json.field("n_warm", warmRows)
        json.field("seed", Int(truncatingIfNeeded: seed))
        json.field("predict_ns_p50", predictNanoseconds)
        json.field("update_ns_p50", updateNanoseconds)
        for (metric, value) in metrics {
            json.key(metric.rawValue)
            json.value(value)
        }
        if !curve.isEmpty {
            json.key("curve")
            json.beginArray()
            for point in curve { point.write(to: &json) }
            json.endArray()
        }
        json.endObject()
    }
}
