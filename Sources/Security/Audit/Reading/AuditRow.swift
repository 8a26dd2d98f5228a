import Identifiers
import Schemas
import Telemetry
import Wire

/// An entry as a row of JSON.
package enum AuditRow {
    /// What a call that has no end in the log came to, as far as the log knows.
    static let startedOutcome = "started"

    package static func json(_ place: UInt64, _ entry: AuditEntry) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        write(place, entry, &json)
        return json.bytes
    }

    package static func write(_ place: UInt64, _ entry: AuditEntry, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("seq", Int(clamping: place))
        json.field("ts", Timestamp.text(entry.timestamp))
        json.field("kind", AuditKind(entry)?.rawValue ?? "unknown")
        switch entry.what {
        case .call(let call): write(call, &json)
        case .access(let access):
            json.field("status", Int(access.status))
            json.field("path", access.path)
            json.field("principal", access.principal)
            json.field("reason", access.reason)
            json.field("more", Int(clamping: access.more))
        case .act(let act):
            json.field("action", act.action)
            json.field("origin", act.origin)
            json.field("outcome", act.outcome)
            write("details", act.details, &json)
        case .change(let change):
            json.field("file", change.file)
            json.field("sha256", Hex.text(change.digest))
            write("changes", change.changes, &json)
        case .run(let run):
            json.field("event", run.started ? "start" : "stop")
            json.field("version", run.version)
            json.field("pid", Int(clamping: run.processID))
            if !run.publicKey.isEmpty { json.field("public_key", Hex.text(run.publicKey)) }
            if !run.logID.isEmpty { json.field("log", Hex.text(run.logID)) }
        case .gap(let gap):
            json.field("from", Timestamp.text(gap.from))
            json.field("until", Timestamp.text(gap.until))
            json.field("lost", Int(clamping: gap.lost))
            json.field("refused", Int(clamping: gap.refused))
            json.field("reason", gap.reason)
        case .findings(let findings): write("findings", findings.findings, &json)
        case nil: break
        }
        json.endObject()
    }

    private static func write(_ call: AuditCall, _ json: inout JSONWriter) {
        json.field("call_id", CallID(call.callID).text)
        json.field("principal", call.principal)
        json.field("session", call.session)
        json.field("server", call.server)
        json.field("tool", call.tool)
        json.field("method", call.method)
        json.field("outcome", call.phase == .start ? startedOutcome : call.outcome.label ?? "unknown")
        json.field("error_code", Int(call.errorCode))
        json.field("duration_us", Int(call.durationUs))
        json.field("request_bytes", Int(clamping: call.requestBytes))
        json.field("answer_bytes", Int(clamping: call.answerBytes))
        if call.hasArguments { json.field("arguments_sha256", Hex.text(call.arguments.digest)) }
        if call.hasResult { json.field("result_sha256", Hex.text(call.result.digest)) }
        json.field("advice_version", Int(clamping: call.adviceVersion))
        write("decisions", call.decisions, &json)
    }

    private static func write(_ key: StaticString, _ texts: [String], _ json: inout JSONWriter) {
        json.key(key)
        json.beginArray()
        for text in texts { json.value(text) }
        json.endArray()
    }
}
