import ArgumentParser
import Assembly
import ModelHistory
import Wire

/// `attune model diff`.
struct ModelDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what differs between two versions, tool by tool.",
        discussion: "With one commit it is compared with HEAD; with none, HEAD with the one before.")

    @Argument(help: "The older one.") var old: String?
    @Argument(help: "The newer one.") var new: String?
    @OptionGroup var option: ModelOption

    func run() throws {
        let name = try option.name
        let (from, to) = (old ?? "HEAD^", new ?? "HEAD")
        let found = try option.reading { reader throws(HistoryError) in
            try reader.difference(
                from: try reader.resolve(from, of: name), to: try reader.resolve(to, of: name),
                kinds: ModelDesk.kinds)
        }
        option.show(Self.text(found), json: Self.json(found))
    }

    private static func text(_ found: VersionDifference) -> String {
        var lines: [String] = []
        for item in found.items ?? [] {
            let fields = item.fields.map { "\($0.name) \(number($0.old)) -> \(number($0.new))" }
            let sign = item.change == .added ? "+" : item.change == .removed ? "-" : "~"
            lines.append("\(sign) \(item.item): \(fields.joined(separator: ", "))")
        }
        if found.items == nil {
            for part in found.parts {
                let sizes = [part.oldBytes, part.newBytes].map { $0.map { "\($0) bytes" } ?? "nothing" }
                lines.append("~ \(part.name): \(sizes.joined(separator: " -> "))")
            }
        }
        for metric in found.metrics {
            lines.append("~ metric \(metric.name): \(number(metric.old)) -> \(number(metric.new))")
        }
        if lines.isEmpty {
            lines.append(found.parts.isEmpty ? "nothing differs" : "nothing differs but what no item shows")
        }
        return lines.map { Style.printable($0) }.joined(separator: "\n")
    }

    private static func number(_ value: Double?) -> String {
        guard let value else { return "-" }
        if value == value.rounded(), value.magnitude < 1e15 { return "\(Int(value))" }
        return "\((value * 100).rounded() / 100)"
    }

    private static func json(_ found: VersionDifference) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        json.field("old", found.old.hex)
        json.field("new", found.new.hex)
        json.key("parts")
        json.beginArray()
        for part in found.parts {
            json.beginObject()
            json.field("name", part.name)
            ModelJSON.number("old_bytes", part.oldBytes.map(Double.init), &json)
            ModelJSON.number("new_bytes", part.newBytes.map(Double.init), &json)
            json.endObject()
        }
        json.endArray()
        json.key("items")
        if let items = found.items { write(items, &json) } else { json.null() }
        json.key("metrics")
        write(found.metrics, &json)
        json.endObject()
        return json.bytes
    }

    private static func write(_ items: [ModelDifference], _ json: inout JSONWriter) {
        json.beginArray()
        for item in items {
            json.beginObject()
            json.field("part", item.part)
            json.field("item", item.item)
            json.field("change", item.change.rawValue)
            json.key("fields")
            write(item.fields, &json)
            json.endObject()
        }
        json.endArray()
    }

    private static func write(_ fields: [ModelDifference.Field], _ json: inout JSONWriter) {
        json.beginArray()
        for field in fields {
            json.beginObject()
            json.field("name", field.name)
            ModelJSON.number("old", field.old, &json)
            ModelJSON.number("new", field.new, &json)
            json.endObject()
        }
        json.endArray()
    }
}
