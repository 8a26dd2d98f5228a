import ArgumentParser
import ModelHistory
import Telemetry
import Wire

/// `attune model reflog`.
struct ModelReflogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reflog", abstract: "Show how HEAD, branches and tags moved, the last move first.",
        discussion: "What a move left is found here until `attune model gc` lets it go.")

    @Option(name: [.customShort("n"), .long], help: "Show so many at most.") var limit = 50
    @OptionGroup var option: ModelOption

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is 1 or more") }
    }

    func run() throws {
        let name = try option.name
        let rows = try option.reading { reader throws(HistoryError) in
            guard try reader.head(name) != nil else { throw .noModel(name.text) }
            return try reader.reflog(name, limit: limit)
        }
        option.show(rows.map(Self.text).joined(separator: "\n"), json: ModelJSON.array(rows, Self.write))
    }

    private static func text(_ entry: ReflogEntry) -> String {
        let ids = [entry.old, entry.new].map { $0?.short ?? "nothing" }.joined(separator: " -> ")
        return Style.printable(
            "\(Timestamp.text(entry.microseconds)) \(entry.author) \(entry.action.name) "
                + "\(entry.reference.text) \(ids) \(entry.note)")
    }

    private static func write(_ entry: ReflogEntry, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("ts", Timestamp.text(entry.microseconds))
        json.field("author", entry.author)
        json.field("action", entry.action.name)
        json.field("reference", entry.reference.text)
        for (key, id) in [("old", entry.old), ("new", entry.new)] as [(StaticString, ObjectID?)] {
            json.key(key)
            if let id { json.value(id.hex) } else { json.null() }
        }
        json.field("note", entry.note)
        json.endObject()
    }
}
