import ModelHistory
import Telemetry
import Wire

/// A commit as a log shows it, with what points at it.
struct CommitRow {
    var id: ObjectID
    var commit: ModelCommit
    /// Such as `HEAD -> main` and `tag/good`.
    var names: [String]
    /// What it goes on from: its parents, or what stands for them.
    var parents: [ObjectID]
    /// Versions before it that were let go of.
    var missing: UInt64

    init(
        _ reader: ModelReader, _ id: ObjectID, _ commit: ModelCommit, names: [String]
    ) throws(HistoryError) {
        self.id = id
        self.commit = commit
        self.names = names
        parents = try reader.parents(of: id, commit)
        missing = try reader.missing(before: id, commit)
    }

    /// What points at which commit.
    static func names(
        _ reader: ModelReader, _ model: ModelName
    ) throws(HistoryError) -> [ObjectID: [String]] {
        var names: [ObjectID: [String]] = [:]
        let head = try reader.head(model)
        if case .detached(let id) = head?.head { names[id, default: []].append("HEAD") }
        for (reference, target) in try reader.references(model) {
            var text = reference.name
            if case .tag = reference { text = reference.text }
            if case .branch(let name) = reference, head?.head == .branch(name) { text = "HEAD -> \(text)" }
            names[target, default: []].append(text)
        }
        return names
    }

    /// One line.
    func text(_ style: Style) -> String {
        var parts = [style.tinted(id.short, .warn), "v\(commit.version)"]
        if !names.isEmpty { parts.append(style.tinted("(\(names.joined(separator: ", ")))", .good)) }
        parts.append(Timestamp.text(commit.microseconds))
        parts.append(Style.printable(commit.title))
        if missing > 0 { parts.append(style.tinted("(\(missing) before it let go)", .dim)) }
        return parts.joined(separator: " ")
    }

    func write(_ json: inout JSONWriter) {
        json.beginObject()
        ModelJSON.commit(id, commit, &json)
        ModelJSON.texts("names", names, &json)
        ModelJSON.ids("kept_parents", parents, &json)
        json.field("missing_before", Int(clamping: missing))
        json.endObject()
    }
}
