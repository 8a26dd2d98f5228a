import Telemetry
import Wire

/// Writes the admin interface's values as JSON. Fields and units are those of the published contracts.
enum AdminJSON {
    static func readiness(_ readiness: Readiness) -> [UInt8] {
        object { json in
            json.field("status", readiness.state.rawValue)
            reasons(readiness, &json)
        }
    }

    static func status(_ status: GatewayStatus, _ metrics: Metrics) -> [UInt8] {
        let rates = metrics.rates()
        return object { json in
            json.field("status", status.readiness.state.rawValue)
            json.field("uptime_s", Int(clamping: metrics.uptimeSeconds))
            json.field("version", status.version)
            json.field("mcp_url", status.mcpURL)
            json.field("admin_url", status.adminURL)
            json.key("servers")
            json.beginObject()
            json.field("up", status.serversUp)
            json.field("total", status.serversTotal)
            json.endObject()
            json.field("calls_per_s", rates.callsPerSecond)
            json.field("errors_per_s", rates.errorsPerSecond)
            json.key("learner")
            json.beginObject()
            json.field("state", status.learnerState)
            json.endObject()
            json.field("resident_bytes", Int(clamping: ProcessReadings.now().residentBytes))
            text("config", status.configurationFile, &json)
            text("socket", status.socketPath, &json)
            reasons(status.readiness, &json)
        }
    }

    static func write(_ row: ServerRow, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("name", row.name)
        json.field("state", row.state)
        text("era", row.era, &json)
        text("version", row.version, &json)
        json.field("transport", row.transport)
        if let processID = row.processID { json.field("pid", Int(processID)) }
        json.field("restarts", row.restarts)
        json.field("tools", row.tools)
        text("last_error", row.lastError ?? "", &json)
        json.field("since", Timestamp.text(row.sinceMicroseconds))
        json.key("stderr")
        json.beginArray()
        for line in row.standardError { json.value(line) }
        json.endArray()
        json.endObject()
    }

    static func write(_ tool: ListedTool, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("name", tool.name)
        json.field("server", tool.server)
        json.field("upstream_name", tool.upstreamName)
        text("title", tool.title ?? "", &json)
        json.endObject()
    }

    static func write(_ session: SessionRow, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("session", session.name)
        json.field("principal", session.principal)
        json.field("version", session.version)
        json.field("transport", session.transport)
        json.field("path", session.path)
        text("client", session.client, &json)
        json.field("started", Timestamp.text(session.startedMicroseconds))
        json.field("last_used", Timestamp.text(session.lastUsedMicroseconds))
        json.endObject()
    }

    static func call(_ call: CallRecord) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        write(call, &json)
        return json.bytes
    }

    static func write(_ call: CallRecord, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("call_id", call.callID.text)
        json.field("ts", Timestamp.text(call.startMicroseconds))
        json.field("principal", call.principal.name)
        text("session", call.session, &json)
        text("server", call.server, &json)
        text("tool", call.tool, &json)
        json.field("method", call.method)
        json.field("outcome", call.outcome.label)
        json.field("duration_us", Int(clamping: call.durationMicroseconds))
        json.field("upstream_us", Int(clamping: call.upstreamMicroseconds))
        json.field("advice_version", Int(clamping: call.adviceVersion))
        json.key("decisions")
        json.beginArray()
        for decision in call.decisions { json.value(decision) }
        json.endArray()
        json.field("era", call.modern ? "modern" : "legacy")
        json.field("error_code", call.errorCode)
        json.field("queue_us", Int(clamping: call.queueMicroseconds))
        json.field("request_bytes", call.requestBytes)
        json.field("result_bytes", call.resultBytes)
        if !call.traceID.isEmpty { json.field("trace_id", call.traceID) }
        json.endObject()
    }

    static func write(_ tool: ToolStatistics, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("server", tool.server)
        json.field("tool", tool.tool)
        json.field("calls", Int(clamping: tool.calls))
        json.field("errors", Int(clamping: tool.errors))
        json.field("p50_us", Int(clamping: tool.medianMicroseconds))
        json.field("p99_us", Int(clamping: tool.p99Microseconds))
        json.endObject()
    }

    /// `{"items": [...], "next": cursor or null}`.
    static func list<Row>(
        _ rows: some Sequence<Row>, next: String?, _ write: (Row, inout JSONWriter) -> Void
    ) -> [UInt8] {
        object { json in
            json.key("items")
            json.beginArray()
            for row in rows { write(row, &json) }
            json.endArray()
            text("next", next ?? "", &json)
        }
    }

    /// `{"error": {"code", "message", "available": [...]}}`.
    static func error(_ code: String, _ message: String, available: [String] = []) -> [UInt8] {
        object { json in
            json.key("error")
            json.beginObject()
            json.field("code", code)
            json.field("message", message)
            if !available.isEmpty { lines("available", available, &json) }
            json.endObject()
        }
    }

    static func reloaded(changes: [String], notes: [String]) -> [UInt8] {
        object { json in
            json.field("reloaded", true)
            lines("changes", changes, &json)
            lines("notes", notes, &json)
        }
    }

    static func refused(_ problems: [String]) -> [UInt8] {
        object { json in
            json.key("error")
            json.beginObject()
            json.field("code", "invalid_configuration")
            json.field(
                "message", "the configuration cannot be used; the gateway goes on with the one it has")
            lines("problems", problems, &json)
            json.endObject()
        }
    }

    static func object(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        write(&json)
        json.endObject()
        return json.bytes
    }

    private static func reasons(_ readiness: Readiness, _ json: inout JSONWriter) {
        json.key("reasons")
        json.beginArray()
        for reason in readiness.reasons {
            json.beginObject()
            json.field("component", reason.component)
            json.field("state", reason.state)
            json.field("detail", reason.detail)
            json.field("since", Timestamp.text(reason.sinceMicroseconds))
            json.endObject()
        }
        json.endArray()
    }

    private static func lines(_ key: StaticString, _ lines: [String], _ json: inout JSONWriter) {
        json.key(key)
        json.beginArray()
        for line in lines { json.value(line) }
        json.endArray()
    }

    /// An empty text is null: it is not known, or does not apply.
    static func text(_ key: StaticString, _ value: String, _ json: inout JSONWriter) {
        json.key(key)
        if value.isEmpty { json.null() } else { json.value(value) }
    }
}
