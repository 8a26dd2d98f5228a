extension CallMetrics {
    /// What was counted of calls: histograms by server, under the gateway's own names.
    var readings: [MetricReading] {
        var readings = histograms("attune_message_latency_seconds", \.duration)
        readings += histograms("attune_overhead_seconds", \.overhead)
        let bytes = (
            requests: series.values.reduce(0) { $0 &+ $1.requestBytes },
            results: series.values.reduce(0) { $0 &+ $1.resultBytes }
        )
        readings.append(Self.counter("attune_request_bytes_total", [], bytes.requests))
        readings.append(Self.counter("attune_result_bytes_total", [], bytes.results))
        for (key, count) in errors {
            let labels = [("server", key[0]), ("kind", key[1])]
            readings.append(Self.counter("attune_errors_total", labels, count))
        }
        for (key, series) in series {
            let labels = [
                ("server", key.server), ("tool", key.tool), ("method", key.method),
                ("outcome", key.outcome.label),
            ]
            readings.append(Self.counter("attune_requests_total", labels, series.duration.count))
        }
        return readings
    }

    private func histograms(
        _ name: String, _ path: KeyPath<MetricShard.Series, Histogram>
    ) -> [MetricReading] {
        var merged: [String: Histogram] = [:]
        for (key, series) in series where series[keyPath: path].count > 0 {
            let histogram = series[keyPath: path]
            merged[key.server, default: Histogram(bounds: histogram.bounds)].add(histogram)
        }
        return merged.map { MetricReading(name, [("server", $0.key)], .histogram($0.value)) }
    }

    private static func counter(_ name: String, _ labels: MetricLabels, _ value: UInt64) -> MetricReading {
        MetricReading(name, labels, .counter(Double(value), fromZero: true))
    }
}
