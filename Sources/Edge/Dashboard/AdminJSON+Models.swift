import Telemetry
import Wire

extension AdminJSON {
    static func write(_ row: ModelRow, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("name", row.name)
        json.key("branch")
        if let branch = row.branch { json.value(branch) } else { json.null() }
        json.key("version")
        if let head = row.head { json.value(Int(clamping: head.version)) } else { json.null() }
        json.key("head")
        if let head = row.head { write(head, &json) } else { json.null() }
        json.key("branches")
        json.beginArray()
        for branch in row.branches {
            json.beginObject()
            json.field("name", branch.name)
            json.field("id", branch.id)
            json.endObject()
        }
        json.endArray()
        json.key("recent")
        json.beginArray()
        for version in row.recent { write(version, &json) }
        json.endArray()
        json.endObject()
    }

    private static func write(_ version: ModelRow.Version, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("id", version.id)
        json.field("version", Int(clamping: version.version))
        json.field("ts", Timestamp.text(version.microseconds))
        json.field("author", version.author)
        json.field("message", version.message)
        json.key("metrics")
        json.beginObject()
        for (name, value) in version.metrics.sorted(by: { $0.key < $1.key }) {
            json.key(name)
            json.value(value)
        }
        json.endObject()
        json.endObject()
    }
}
