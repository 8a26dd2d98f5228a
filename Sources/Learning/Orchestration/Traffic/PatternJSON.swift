import Identifiers
import Patterns
import Wire

/// The JSON texts under `pattern/` in the learner's state table.
enum PatternJSON {
    /// What the shell knows beside the patterns.
    struct Costs: Sendable {
        var sampledOut: UInt64 = 0
        var processorSeconds = 0.0
        /// Of the latest calls, on average.
        var predictNanoseconds = 0.0
        var updateNanoseconds = 0.0
    }

    static func tool(_ outlook: ToolOutlook) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("server", outlook.server)
        json.field("tool", outlook.tool)
        json.field("calls", Int(clamping: outlook.calls))
        json.key("latency")
        json.beginObject()
        json.field("median_ms", rounded(outlook.medianMilliseconds))
        json.field("bound95_ms", rounded(outlook.bound95Milliseconds))
        json.endObject()
        json.field("failure", rounded(outlook.failure))
        json.key("cacheability")
        write(outlook.cacheability, to: &json)
        json.key("mutates")
        write(outlook.mutation, to: &json)
        json.field("at_us", Int(clamping: outlook.atMicroseconds))
        json.endObject()
        return json.bytes
    }

    static func session(_ outlook: SessionOutlook) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        json.field("session", outlook.name)
        json.field("agent", outlook.agent)
        json.field("principal", outlook.principal)
        json.field("calls", Int(clamping: outlook.calls))
        json.field("at_us", Int(clamping: outlook.atMicroseconds))
        json.key("next")
        json.beginArray()
        for next in outlook.next {
            json.beginObject()
            json.field("server", next.server)
            json.field("tool", next.tool)
            json.key("arguments")
            // They may come from a damaged version.
            if let arguments = next.arguments, JSONObjectText.isValid(arguments) {
                json.raw(arguments)
            } else {
                json.null()
            }
            json.field("probability", rounded(next.probability))
            json.endObject()
        }
        json.endArray()
        json.field("suspicion", rounded(outlook.suspicion))
        json.field("anomalies", Int(clamping: outlook.anomalies))
        json.endObject()
        return json.bytes
    }

    static func anomalies(_ log: AnomalyLog) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        json.key("items")
        json.beginArray()
        for item in log.items {
            json.beginObject()
            json.field("at_us", Int(clamping: item.atMicroseconds))
            json.field("call_id", CallID(item.callID).text)
            json.field("session", item.session)
            json.field("server", item.server)
            json.field("tool", item.tool)
            json.field("kind", item.kind.rawValue)
            json.key("start")
            write(item.bytes?.lowerBound, to: &json)
            json.key("end")
            write(item.bytes?.upperBound, to: &json)
            json.field("bits", rounded(item.bits))
            json.field("share", Double(item.share))
            json.field("text", item.text)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    static func overview(
        _ patterns: TrafficPatterns, groups: [SessionClusters.Group], sequences: [TrafficPatterns.Sequence],
        _ costs: Costs, at microseconds: UInt64
    ) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        json.field("at_us", Int(clamping: microseconds))
        json.field("calls", Int(clamping: patterns.learned))
        json.field("sessions", Int(clamping: patterns.sessionsBegun))
        json.field("sampled_out", Int(clamping: costs.sampledOut))
        json.field("cpu_s", rounded(costs.processorSeconds))
        json.field("memory_bytes", patterns.memoryBytes)
        json.key("accuracy")
        write(patterns.accuracy, to: &json)
        json.key("clusters")
        json.beginArray()
        for group in groups {
            json.beginObject()
            json.field("name", group.name)
            json.field("sessions", group.sessions)
            json.key("tools")
            write(group.tools, to: &json)
            json.endObject()
        }
        json.endArray()
        json.key("sequences")
        json.beginArray()
        for sequence in sequences {
            json.beginObject()
            json.key("tools")
            write(sequence.tools, to: &json)
            json.field("support", sequence.support)
            json.field("share", rounded(sequence.share))
            json.field("lift", rounded(sequence.lift))
            json.endObject()
        }
        json.endArray()
        json.key("anomalies")
        json.beginObject()
        for (kind, count) in patterns.anomalies.byKind where count > 0 {
            json.key(kind.rawValue)
            json.value(Int(clamping: count))
        }
        json.endObject()
        json.field("predict_ns", costs.predictNanoseconds.rounded())
        json.field("update_ns", costs.updateNanoseconds.rounded())
        json.endObject()
        return json.bytes
    }

    private static func write(_ accuracy: TrafficAccuracy, to json: inout JSONWriter) {
        json.beginArray()
        for task in TrafficAccuracy.Task.allCases where accuracy[task].count > 0 {
            let scores = accuracy[task]
            json.beginObject()
            json.field("task", task.rawValue)
            json.field("n", Int(clamping: scores.count))
            for (index, measure) in task.measures.enumerated() {
                json.field(measure, rounded(scores.mean(index)))
            }
            json.key("recent")
            json.beginObject()
            json.field("n", scores.recentCount)
            for (index, measure) in task.measures.enumerated() {
                json.field(measure, rounded(scores.recentMean(index)))
            }
            json.endObject()
            json.endObject()
        }
        json.endArray()
    }

    private static func write(_ names: [String], to json: inout JSONWriter) {
        json.beginArray()
        for name in names { json.value(name) }
        json.endArray()
    }

    private static func write(_ value: Float?, to json: inout JSONWriter) {
        if let value { json.value(rounded(value)) } else { json.null() }
    }

    private static func write(_ value: Int?, to json: inout JSONWriter) {
        if let value { json.value(value) } else { json.null() }
    }

    private static func rounded(_ value: Float) -> Double { rounded(Double(value)) }

    /// Six digits behind the point.
    private static func rounded(_ value: Double) -> Double {
        value.magnitude < 1e9 ? (value * 1e6).rounded() / 1e6 : value
    }
}
