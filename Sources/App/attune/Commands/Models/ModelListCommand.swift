import ArgumentParser
import ModelHistory
import Telemetry
import Wire

/// `attune model list`.
struct ModelListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the models with the version in use.")

    @OptionGroup var option: ModelOption

    private struct Row {
        var model: ModelName
        var head: HeadState?
        var commit: ModelCommit?
        var branches: Int
        var tags: Int
    }

    func run() throws {
        let rows = try option.reading { reader throws(HistoryError) in
            var rows: [Row] = []
            for model in try reader.models() {
                let head = try reader.head(model)
                let commit = try head?.commit.map { id throws(HistoryError) in try reader.commit(id) }
                let references = try reader.references(model)
                let tags = references.count { if case .tag = $0.reference { true } else { false } }
                rows.append(
                    Row(
                        model: model, head: head, commit: commit, branches: references.count - tags,
                        tags: tags))
            }
            return rows
        }
        option.show(Self.text(rows), json: ModelJSON.array(rows, Self.write))
    }

    private static func text(_ rows: [Row]) -> String {
        var table = TextTable([
            .init("model"), .init("head"), .init("version", isNumber: true), .init("commit"),
            .init("branches", isNumber: true), .init("tags", isNumber: true), .init("made"), .init("message"),
        ])
        for row in rows {
            table.add([
                .init(row.model.text), .init(row.head?.head.text ?? "-"),
                .init(row.commit.map { "\($0.version)" } ?? "-"), .init(row.head?.commit?.short ?? "-"),
                .init("\(row.branches)"), .init("\(row.tags)"),
                .init(row.commit.map { Timestamp.text($0.microseconds) } ?? "-"),
                .init(row.commit?.title ?? "-"),
            ])
        }
        return table.rendered(Style(isColored: Console.isColored))
    }

    private static func write(_ row: Row, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("model", row.model.text)
        json.field("head", row.head?.head.text ?? "")
        json.field("branches", row.branches)
        json.field("tags", row.tags)
        if let id = row.head?.commit, let commit = row.commit {
            json.key("commit")
            json.beginObject()
            ModelJSON.commit(id, commit, &json)
            json.endObject()
        }
        json.endObject()
    }
}
