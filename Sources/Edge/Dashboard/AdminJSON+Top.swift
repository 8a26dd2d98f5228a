import Identifiers
import Telemetry
import Wire

/// What `attune top` shows, and what is said of the learner.
extension AdminJSON {
    static func top(_ report: TopReport, _ rates: CallRates) -> [UInt8] {
        object { json in
            json.field("ts", Timestamp.text(report.atMicroseconds))
            json.field("calls_per_s", rates.callsPerSecond)
            json.field("errors_per_s", rates.errorsPerSecond)
            array("servers", report.servers, &json) { write($0, &$1) }
            array("tools", report.tools, &json) { write($0, &$1) }
            array("rings", report.rings, &json) { write($0, &$1) }
            json.key("learner")
            json.beginObject()
            summary(report.learner, &json)
            json.endObject()
            array("predictions", report.predictions, &json) { $1.raw($0.json) }
        }
    }

    /// The learner with all that it counts.
    static func learner(_ report: TopReport) -> [UInt8] {
        let learner = report.learner
        return object { json in
            summary(learner, &json)
            json.field("mode", learner.mode)
            json.field("restarts", Int(clamping: learner.restarts))
            json.field("generation", Int(clamping: learner.generation))
            json.key("limits")
            if learner.limits.isEmpty { json.null() } else { json.value(learner.limits) }
            let counts: [(StaticString, UInt64)] = [
                ("records", learner.records), ("lost", learner.lost), ("rejected", learner.rejected),
                ("unnamed", learner.unnamed), ("commands", learner.commands),
                ("refused_commands", learner.refusedCommands), ("lost_commands", learner.lostCommands),
                ("predictions_taken", learner.predictions),
            ]
            for (name, count) in counts { json.field(name, Int(clamping: count)) }
            json.field("recovered", Int(clamping: learner.recovered))
            json.field("recovering", learner.recovering)
            model(learner, &json)
            json.field("tools", learner.tools)
            json.field("cpu_s", learner.processorSeconds)
            json.field("resident_bytes", learner.residentBytes)
            json.field("state_bytes", learner.stateBytes)
            array("workers", learner.workers, &json) { $1.value($0) }
            array("rings", report.rings, &json) { write($0, &$1) }
            array("predictions", report.predictions, &json) { $1.raw($0.json) }
        }
    }

    /// The version of the model that is in use, and why none is kept.
    private static func model(_ learner: LearnerFacts, _ json: inout JSONWriter) {
        json.key("head")
        if learner.head.isEmpty {
            json.null()
        } else {
            json.beginObject()
            json.field("id", learner.head)
            json.field("version", Int(clamping: learner.version))
            json.field("committed", Timestamp.text(learner.committedMicroseconds))
            json.endObject()
        }
        json.key("fault")
        if learner.fault.isEmpty { json.null() } else { json.value(learner.fault) }
    }

    static func summary(_ learner: LearnerFacts, _ json: inout JSONWriter) {
        json.key("pid")
        if let processID = learner.processID { json.value(Int(processID)) } else { json.null() }
        json.field("state", learner.state.rawValue)
        json.field("lag_records", Int(clamping: learner.lagRecords))
        json.field("lag_ms", Int(clamping: learner.lagMilliseconds))
    }

    private static func write(_ server: TopReport.Server, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("name", server.name)
        json.field("state", server.state)
        json.field("calls", Int(clamping: server.calls))
        json.field("errors", Int(clamping: server.errors))
        json.field("calls_per_s", server.callsPerSecond)
        json.field("errors_per_s", server.errorsPerSecond)
        json.endObject()
    }

    private static func write(_ tool: TopReport.Tool, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("server", tool.server)
        json.field("tool", tool.tool)
        json.field("calls", Int(clamping: tool.calls))
        json.field("errors", Int(clamping: tool.errors))
        json.field("p50_us", Int(clamping: tool.medianMicroseconds))
        json.field("p99_us", Int(clamping: tool.p99Microseconds))
        json.field("calls_per_s", tool.callsPerSecond)
        json.field("errors_per_s", tool.errorsPerSecond)
        json.endObject()
    }

    private static func write(_ ring: TopReport.Ring, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("loop", ring.loop)
        json.field("fill", ring.fill)
        json.field("published", Int(clamping: ring.published))
        json.field("lost", Int(clamping: ring.lost))
        json.endObject()
    }

    static func array<Row>(
        _ key: StaticString, _ rows: some Sequence<Row>, _ json: inout JSONWriter,
        _ write: (Row, inout JSONWriter) -> Void
    ) {
        json.key(key)
        json.beginArray()
        for row in rows { write(row, &json) }
        json.endArray()
    }
}
