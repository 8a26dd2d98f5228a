import ArgumentParser
import ModelHistory
import Wire

/// `attune model log`.
struct ModelLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show versions from one on back, the newest first.")

    @Argument(help: "Where to begin: a commit, a branch or a tag; else HEAD.") var commits: [String] = []
    @Flag(help: "Draw how they descend from each other.") var graph = false
    @Flag(help: "Begin at all branches and tags.") var all = false
    @Option(name: [.customShort("n"), .long], help: "Show so many at most; 0 for all.") var limit = 50
    @OptionGroup var option: ModelOption

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit is 0 or more") }
    }

    func run() throws {
        let name = try option.name
        let rows = try option.reading { reader throws(HistoryError) in try self.rows(reader, name) }
        option.show(text(rows), json: ModelJSON.array(rows) { $0.write(&$1) })
    }

    private func rows(_ reader: ModelReader, _ model: ModelName) throws(HistoryError) -> [CommitRow] {
        var starts: [ObjectID] = []
        for text in commits.isEmpty ? ["HEAD"] : commits {
            starts.append(try reader.resolve(text, of: model))
        }
        if all { starts += try reader.references(model).map(\.target) }
        let names = try CommitRow.names(reader, model)
        var log = try reader.log(from: starts)
        var rows: [CommitRow] = []
        while limit == 0 || rows.count < limit, let (id, commit) = try log.next() {
            rows.append(try CommitRow(reader, id, commit, names: names[id] ?? []))
        }
        return rows
    }

    private func text(_ rows: [CommitRow]) -> String {
        let style = Style(isColored: Console.isColored)
        guard graph else { return rows.map { $0.text(style) }.joined(separator: "\n") }
        var drawn = CommitGraph()
        var lines: [String] = []
        for row in rows {
            for line in drawn.lines(for: row.id, parents: row.parents) {
                lines.append(line.contains("*") ? "\(line) \(row.text(style))" : line)
            }
        }
        return lines.joined(separator: "\n")
    }
}
