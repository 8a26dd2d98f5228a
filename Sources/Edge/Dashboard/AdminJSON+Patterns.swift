import Telemetry
import Wire

/// What the learner has found, as `/api/v1/patterns` and the lists below it tell it.
extension AdminJSON {
    /// - Parameter most: rows of each list.
    static func patterns(_ patterns: LearnedPatterns, most: Int) -> [UInt8] {
        object { json in
            json.field("ts", Timestamp.text(patterns.atMicroseconds))
            json.key("learner")
            json.beginObject()
            summary(patterns.learner, &json)
            json.endObject()
            json.key("overview")
            if let overview = patterns.overview { write(overview, &json) } else { json.null() }
            array("tools", patterns.tools.prefix(most), &json) { write($0, &$1) }
            array("sessions", patterns.sessions.prefix(most), &json) { write($0, &$1) }
            array("anomalies", patterns.anomalies.prefix(most), &json) { write($0, &$1) }
        }
    }

    private static func write(_ overview: PatternOverview, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("ts", Timestamp.text(overview.atMicroseconds))
        json.field("calls", Int(clamping: overview.calls))
        json.field("sessions", Int(clamping: overview.sessions))
        json.field("sampled_out", Int(clamping: overview.sampledOut))
        number("cpu_s", overview.processorSeconds, &json)
        json.field("memory_bytes", Int(clamping: overview.memoryBytes))
        number("predict_ns", overview.predictNanoseconds, &json)
        number("update_ns", overview.updateNanoseconds, &json)
        array("accuracy", overview.scores, &json) { write($0, &$1) }
        array("clusters", overview.clusters, &json) { cluster, json in
            json.beginObject()
            json.field("name", cluster.name)
            json.field("sessions", Int(clamping: cluster.sessions))
            array("tools", cluster.tools, &json) { $1.value($0) }
            json.endObject()
        }
        array("sequences", overview.sequences, &json) { sequence, json in
            json.beginObject()
            array("tools", sequence.tools, &json) { $1.value($0) }
            json.field("support", Int(clamping: sequence.support))
            number("share", sequence.share, &json)
            number("lift", sequence.lift, &json)
            json.endObject()
        }
        json.key("anomalies")
        json.beginObject()
        for (kind, count) in overview.anomalies {
            json.key(kind.rawValue)
            json.value(Int(clamping: count))
        }
        json.endObject()
        json.endObject()
    }

    private static func write(_ score: PatternScore, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("task", score.task)
        write(score.all, &json)
        json.key("recent")
        if let recent = score.recent {
            json.beginObject()
            write(recent, &json)
            json.endObject()
        } else {
            json.null()
        }
        json.endObject()
    }

    private static func write(_ figures: PatternScore.Figures, _ json: inout JSONWriter) {
        json.field("n", Int(clamping: figures.count))
        for (metric, value) in figures.values {
            json.key(metric)
            json.value(value)
        }
    }

    static func write(_ tool: ToolPattern, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("server", tool.server)
        json.field("tool", tool.tool)
        json.field("calls", Int(clamping: tool.calls))
        json.key("latency")
        json.beginObject()
        number("median_ms", tool.medianMilliseconds, &json)
        number("bound95_ms", tool.bound95Milliseconds, &json)
        json.endObject()
        number("failure", tool.failure, &json)
        number("cacheability", tool.cacheability, &json)
        number("mutates", tool.mutates, &json)
        json.field("ts", Timestamp.text(tool.atMicroseconds))
        json.endObject()
    }

    static func write(_ session: SessionPattern, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("session", session.session)
        text("agent", session.agent, &json)
        text("principal", session.principal, &json)
        json.field("calls", Int(clamping: session.calls))
        json.field("ts", Timestamp.text(session.atMicroseconds))
        array("next", session.next, &json) { guess, json in
            json.beginObject()
            json.field("server", guess.server)
            json.field("tool", guess.tool)
            json.key("arguments")
            if let arguments = guess.arguments { json.raw(arguments) } else { json.null() }
            json.field("probability", guess.probability)
            json.endObject()
        }
        number("suspicion", session.suspicion, &json)
        json.field("anomalies", Int(clamping: session.anomalies))
        json.endObject()
    }

    static func write(_ anomaly: AnomalyPattern, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("ts", Timestamp.text(anomaly.atMicroseconds))
        text("call_id", anomaly.callID, &json)
        text("session", anomaly.session, &json)
        text("server", anomaly.server, &json)
        text("tool", anomaly.tool, &json)
        json.field("kind", anomaly.kind.rawValue)
        json.key("start")
        if let bytes = anomaly.bytes { json.value(bytes.lowerBound) } else { json.null() }
        json.key("end")
        if let bytes = anomaly.bytes { json.value(bytes.upperBound) } else { json.null() }
        number("bits", anomaly.bits, &json)
        number("share", anomaly.share, &json)
        json.field("text", anomaly.text)
        json.endObject()
    }

    private static func number(_ key: StaticString, _ value: Double?, _ json: inout JSONWriter) {
        json.key(key)
        if let value { json.value(value) } else { json.null() }
    }
}
