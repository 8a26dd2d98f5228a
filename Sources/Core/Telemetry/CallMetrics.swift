/// Writes what was counted of calls under the gateway's names and the OpenTelemetry names for MCP.
///
/// The latter are `mcp.server.operation.duration` (the gateway as a server, to its clients) and
/// `mcp.client.operation.duration` (the gateway as a client, to its servers), with the attributes of the
/// OpenTelemetry semantic conventions for MCP as labels, dots written as underscores.
struct CallMetrics {
    var series: [SeriesKey: MetricShard.Series]
    /// Errors that are no outcomes of calls, by server and kind.
    var faults: [[String]: UInt64]

    func write(to page: inout Exposition) {
        let sorted = series.sorted { Self.order($0.key) < Self.order($1.key) }
        writeCounters(sorted, to: &page)
        histogram(
            "attune_message_latency_seconds", "Time from a request to its answer, by server and method.",
            \.duration,
            HistogramBounds.duration, to: &page
        ) { [("server", $0.server), ("method", $0.method)] }
        histogram(
            "attune_overhead_seconds", "Time that the gateway itself added to a call, queueing included.",
            \.overhead,
            HistogramBounds.overhead, to: &page
        ) { [("server", $0.server)] }
        histogram(
            "mcp_server_operation_duration_seconds", "Duration of MCP requests as received (OpenTelemetry).",
            \.duration, HistogramBounds.operation, to: &page, labels: Self.attributes)
        histogram(
            "mcp_client_operation_duration_seconds", "Duration of MCP requests to servers (OpenTelemetry).",
            \.upstream, HistogramBounds.operation, to: &page
        ) { Self.attributes($0) + [("server_address", $0.server)] }
    }

    private func writeCounters(
        _ sorted: [(key: SeriesKey, value: MetricShard.Series)], to page: inout Exposition
    ) {
        page.family("attune_requests_total", .counter, "Requests from clients that were finished.")
        for (key, series) in sorted {
            let labels = [
                ("server", key.server), ("tool", key.tool), ("method", key.method),
                ("outcome", key.outcome.label),
            ]
            page.sample("attune_requests_total", labels, series.duration.count)
        }
        page.family("attune_errors_total", .counter, "Errors, by server and kind.")
        for (key, count) in errors.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            page.sample("attune_errors_total", [("server", key[0]), ("kind", key[1])], count)
        }
        page.family("attune_request_bytes_total", .counter, "Bytes of requests that were finished.")
        page.sample("attune_request_bytes_total", [], series.values.reduce(0) { $0 &+ $1.requestBytes })
        page.family("attune_result_bytes_total", .counter, "Bytes of answers to requests.")
        page.sample("attune_result_bytes_total", [], series.values.reduce(0) { $0 &+ $1.resultBytes })
    }

    /// By server and kind.
    var errors: [[String]: UInt64] {
        var errors = faults
        for (key, series) in series where key.outcome.isError {
            errors[[key.server, key.outcome.label], default: 0] += series.duration.count
        }
        return errors
    }

    private func histogram(
        _ name: String, _ help: String, _ path: KeyPath<MetricShard.Series, Histogram>, _ bounds: [UInt64],
        to page: inout Exposition, labels: (SeriesKey) -> MetricLabels
    ) {
        var merged: [[String]: (labels: MetricLabels, histogram: Histogram)] = [:]
        for (key, series) in series where series[keyPath: path].count > 0 {
            let labels = labels(key)
            let values = labels.flatMap { [$0.name, $0.value] }
            if merged[values] == nil {
                merged[values] = (labels, series[keyPath: path])
            } else {
                merged[values]?.histogram.add(series[keyPath: path])
            }
        }
        page.family(name, .histogram, help)
        for (_, entry) in merged.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            page.histogram(name, entry.labels, entry.histogram, bounds: bounds)
        }
    }

    /// `error.type` is `tool_error` for a result with `isError`, as the conventions say.
    private static func attributes(_ key: SeriesKey) -> MetricLabels {
        var labels: MetricLabels = [("mcp_method_name", key.method)]
        switch key.method {
        case "tools/call":
            labels += [("gen_ai_operation_name", "execute_tool"), ("gen_ai_tool_name", key.tool)]
        case "prompts/get": labels.append(("gen_ai_prompt_name", key.tool))
        default: break
        }
        if key.outcome != .ok { labels.append(("error_type", key.outcome.label)) }
        return labels
    }

    private static func order(_ key: SeriesKey) -> (String, String, String, UInt8) {
        (key.server, key.tool, key.method, key.outcome.rawValue)
    }
}
