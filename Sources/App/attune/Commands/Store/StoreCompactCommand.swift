import ArgumentParser
import Assembly
import Configuration
import Wire

/// `attune store compact`.
struct StoreCompactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Rewrite the stores' files without what is out of date, as compressed as is configured.")

    @OptionGroup var store: StoreOption
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    private struct Row {
        var store: DataStore
        var path: String
        var before: Int
        var after: Int
    }

    func run() async throws {
        let configuration = try config.load().configuration
        var rows: [Row] = []
        for store in try store.chosen(configuration) {
            let done = try await OpenStore.compact(store, configuration)
            rows.append(
                Row(store: store, path: done.path, before: done.bytesBefore, after: done.bytesAfter))
        }
        let text = rows.map(Self.text).joined(separator: "\n")
        Console.data(output.isJSON ? Self.json(rows) : Array(text.utf8))
    }

    private static func text(_ row: Row) -> String {
        "\(row.path): \(Amount.bytes(Int64(row.before))) before, \(Amount.bytes(Int64(row.after))) after"
    }

    private static func json(_ rows: [Row]) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.field("store", row.store.rawValue)
            json.field("path", row.path)
            json.field("bytes_before", row.before)
            json.field("bytes_after", row.after)
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }
}
