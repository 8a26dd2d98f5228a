import ModelHistory
import Schemas
import Telemetry
import Wire

/// Writes commits and what is in them as JSON.
enum ModelJSON {
    static func array<Row>(_ rows: [Row], _ write: (Row, inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginArray()
        for row in rows { write(row, &json) }
        json.endArray()
        return json.bytes
    }

    /// The fields of a commit, in an object that is open.
    static func commit(_ id: ObjectID, _ commit: ModelCommit, _ json: inout JSONWriter) {
        json.field("id", id.hex)
        json.field("version", Int(clamping: commit.version))
        json.field("model", commit.model.text)
        json.field("kind", commit.kind.text)
        ids("parents", commit.parents, &json)
        json.field("author", commit.author)
        json.field("ts", Timestamp.text(commit.microseconds))
        json.field("message", commit.message)
        json.key("window")
        json.beginObject()
        json.field("from", Timestamp.text(commit.window.from))
        json.field("to", Timestamp.text(commit.window.to))
        json.endObject()
        // A text, as not every number of 64 bits is one in JSON.
        json.field("seed", String(commit.seed))
        json.field("code_version", commit.codeVersion)
        metrics(commit.metrics, &json)
    }

    static func metrics(_ metrics: [String: Double], _ json: inout JSONWriter) {
        json.key("metrics")
        json.beginObject()
        for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
            json.key(name)
            json.value(value)
        }
        json.endObject()
    }

    static func ids(_ key: StaticString, _ ids: [ObjectID], _ json: inout JSONWriter) {
        json.key(key)
        json.beginArray()
        for id in ids { json.value(id.hex) }
        json.endArray()
    }

    static func texts(_ key: StaticString, _ texts: [String], _ json: inout JSONWriter) {
        json.key(key)
        json.beginArray()
        for text in texts { json.value(text) }
        json.endArray()
    }

    static func number(_ key: StaticString, _ number: Double?, _ json: inout JSONWriter) {
        json.key(key)
        if let number { json.value(number) } else { json.null() }
    }

    static func data(_ data: LearningData, _ json: inout JSONWriter) {
        json.key("data")
        json.beginObject()
        json.field("features", data.features.count)
        json.field("predictions", data.predictions.count)
        metrics(data.metrics, &json)
        json.endObject()
    }
}
