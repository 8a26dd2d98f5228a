import ArgumentParser
import Assembly
import Configuration
import RocksStorage
import Storage
import Wire

/// `attune store stats`.
struct StoreStatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show what is in the stores, by column family.",
        discussion: "Keys are estimates: what was deleted or written twice may still count.")

    @OptionGroup var store: StoreOption
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    private struct Row {
        var store: DataStore
        var path: String
        var diskBytes: Int
        var statistics: StoreStatistics
    }

    func run() throws {
        let configuration = try config.load().configuration
        var rows: [Row] = []
        for store in try store.chosen(configuration) {
            rows.append(try Self.row(store, configuration))
        }
        Console.data(output.isJSON ? Self.json(rows) : Array(Self.text(rows).utf8))
    }

    private static func row(
        _ store: DataStore, _ configuration: GatewayConfiguration
    ) throws(CommandFailure) -> Row {
        do throws(StorageError) {
            return try store.reading(configuration) { reader throws(StorageError) in
                Row(
                    store: store, path: reader.path, diskBytes: store.diskBytes(configuration),
                    statistics: reader.statistics())
            }
        } catch {
            throw .storing(error)
        }
    }

    private static func text(_ rows: [Row]) -> String {
        var table = TextTable([
            .init("store"), .init("family"), .init("keys", isNumber: true), .init("data", isNumber: true),
            .init("sorted files", isNumber: true), .init("in memory", isNumber: true),
        ])
        for row in rows {
            for part in row.statistics.families {
                table.add([
                    .init(row.store.rawValue), .init(part.family.name), .init("\(part.keys)"),
                    bytes(part.liveBytes), bytes(part.fileBytes), bytes(part.memoryBytes),
                ])
            }
        }
        let totals = rows.map { "\($0.path): \(Amount.bytes(Int64($0.diskBytes))) on disk" }
        return ([table.rendered(Style(isColored: Console.isColored))] + totals).joined(separator: "\n")
    }

    private static func bytes(_ count: UInt64) -> TextTable.Cell {
        .init(Amount.bytes(Int64(clamping: count)))
    }

    private static func json(_ rows: [Row]) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.field("store", row.store.rawValue)
            json.field("path", row.path)
            json.field("disk_bytes", row.diskBytes)
            json.field("sequence", Int(clamping: row.statistics.lastSequence))
            json.key("families")
            json.beginArray()
            for part in row.statistics.families { write(part, &json) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }

    private static func write(_ part: StoreStatistics.FamilyPart, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("family", part.family.name)
        json.field("keys", Int(clamping: part.keys))
        json.field("live_bytes", Int(clamping: part.liveBytes))
        json.field("file_bytes", Int(clamping: part.fileBytes))
        json.field("memory_bytes", Int(clamping: part.memoryBytes))
        json.field("compaction_bytes", Int(clamping: part.compactionBytes))
        json.key("files")
        json.beginArray()
        for count in part.files { json.value(Int(clamping: count)) }
        json.endArray()
        json.endObject()
    }
}
