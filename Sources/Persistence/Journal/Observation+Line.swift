import Telemetry
import Wire

extension Observation {
    /// The call as an object of JSON and a line end: a line of the evaluation data.
    public var line: [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("dataset", Self.dataset)
        json.field("session_id", session)
        json.field("step", step)
        json.field("turn", step)
        json.field("model", "")
        json.field("server", server)
        json.field("tool", tool)
        Self.write(arguments, "args", "args_sha", "args_len", &json)
        Self.write(result, "result", "result_sha", "result_size", &json)
        json.field("is_error", isError)
        json.field("ts", Timestamp.text(microseconds))
        json.field("call_id", callID)
        json.field("principal", principal)
        json.field("outcome", outcome)
        json.field("error_code", Int(errorCode))
        json.field("duration_us", Int(durationMicroseconds))
        json.field("upstream_us", Int(upstreamMicroseconds))
        json.field("queue_us", Int(queueMicroseconds))
        json.field("advice_version", Int(clamping: adviceVersion))
        json.endObject()
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(
        _ content: Content, _ text: StaticString, _ digest: StaticString, _ size: StaticString,
        _ json: inout JSONWriter
    ) {
        if let known = content.text { json.field(text, known) }
        if let known = content.digest { json.field(digest, known) }
        json.field(size, Int(clamping: content.bytes))
    }
}
