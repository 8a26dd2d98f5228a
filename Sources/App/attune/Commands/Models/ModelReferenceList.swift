import ModelHistory
import Wire

/// Branches or tags, for people and programs.
struct ModelReferenceList {
    private struct Row {
        var reference: Reference
        var target: ObjectID
        var commit: ModelCommit
        var isHead: Bool
    }

    /// Shows a model's branches, or its tags.
    static func show(_ option: ModelOption, tags: Bool) throws(CommandFailure) {
        let name = try option.name
        let rows = try option.reading { reader throws(HistoryError) in
            guard let head = try reader.head(name) else { throw .noModel(name.text) }
            var rows: [Row] = []
            for (reference, target) in try reader.references(name) {
                if case .tag = reference, !tags { continue }
                if case .branch = reference, tags { continue }
                var isHead = false
                if case .branch(let branch) = reference { isHead = head.head == .branch(branch) }
                rows.append(
                    Row(
                        reference: reference, target: target, commit: try reader.commit(target),
                        isHead: isHead))
            }
            return rows
        }
        option.show(rows.map(text).joined(separator: "\n"), json: ModelJSON.array(rows, write))
    }

    private static func text(_ row: Row) -> String {
        Style.printable(
            "\(row.isHead ? "*" : " ") \(row.reference.name) \(row.target.short) v\(row.commit.version) "
                + row.commit.title)
    }

    private static func write(_ row: Row, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("name", row.reference.name)
        json.field("id", row.target.hex)
        json.field("version", Int(clamping: row.commit.version))
        json.field("message", row.commit.message)
        json.field("head", row.isHead)
        json.endObject()
    }
}
