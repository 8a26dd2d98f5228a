import Wire

/// The metrics after some rows.
package struct CurvePoint: Sendable {
    package var rows: Int
    package var metrics: EvaluationMetric.Values

    package func value(_ metric: EvaluationMetric) -> Double? {
        metrics.first { $0.metric == metric }?.value
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("n", rows)
        for (metric, value) in metrics {
            json.key(metric.rawValue)
            json.value(value)
        }
        json.endObject()
    }
}
