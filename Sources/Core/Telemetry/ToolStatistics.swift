/// What was counted of one tool since the gateway started.
package struct ToolStatistics: Sendable {
    package var server: String
    package var tool: String
    package var calls: UInt64
    package var errors: UInt64
    /// Estimates of the quantiles of the whole duration, in microseconds; 0 without data.
    package var medianMicroseconds: UInt64
    package var p99Microseconds: UInt64

    private struct Key: Hashable {
        var server: String
        var tool: String
    }

    static func collected(_ series: [SeriesKey: MetricShard.Series]) -> [ToolStatistics] {
        var durations: [Key: Histogram] = [:]
        var errors: [Key: UInt64] = [:]
        for (key, series) in series where key.method == "tools/call" {
            let tool = Key(server: key.server, tool: key.tool)
            durations[tool, default: Histogram(bounds: HistogramBounds.duration)].add(series.duration)
            if key.outcome.isError { errors[tool, default: 0] += series.duration.count }
        }
        let all = durations.map { key, duration in
            ToolStatistics(
                server: key.server, tool: key.tool, calls: duration.count, errors: errors[key] ?? 0,
                medianMicroseconds: duration.quantile(0.5) ?? 0, p99Microseconds: duration.quantile(0.99) ?? 0
            )
        }
        return all.sorted { ($1.calls, $0.server, $0.tool) < ($0.calls, $1.server, $1.tool) }
    }
}
