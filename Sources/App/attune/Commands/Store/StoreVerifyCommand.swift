import ArgumentParser
import Assembly
import Configuration
import RocksStorage
import Storage
import Wire

/// `attune store verify`.
struct StoreVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read every entry of the stores and compare every checksum.",
        discussion: "Exit code 0 says that all is sound, 1 that a store is damaged or can't be read.")

    @OptionGroup var store: StoreOption
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    private struct Row {
        var store: DataStore
        var path: String
        var verdict: Result<VerificationReport, StorageError>

        var isSound: Bool { if case .success = verdict { true } else { false } }
    }

    func run() throws {
        let configuration = try config.load().configuration
        var rows: [Row] = []
        for store in try store.chosen(configuration) {
            rows.append(
                Row(
                    store: store, path: store.path(configuration), verdict: Self.verdict(store, configuration)
                ))
        }
        let text = rows.map(Self.text).joined(separator: "\n")
        Console.data(output.isJSON ? Self.json(rows) : Array(text.utf8))
        if rows.contains(where: { !$0.isSound }) { throw ExitCode(Program.failed) }
    }

    private static func verdict(
        _ store: DataStore, _ configuration: GatewayConfiguration
    ) -> Result<VerificationReport, StorageError> {
        do throws(StorageError) {
            return .success(
                try store.reading(configuration) { reader throws(StorageError) in try reader.verify() })
        } catch {
            return .failure(error)
        }
    }

    private static func text(_ row: Row) -> String {
        switch row.verdict {
        case .success(let report):
            let entries = report.families.reduce(0) { $0 + $1.entries }
            let bytes = report.families.reduce(0) { $0 + $1.bytes }
            return "\(row.path): sound, \(entries) entries with \(Amount.bytes(Int64(bytes)))"
        case .failure(let error): return "\(row.path): \(Style.printable("\(error)"))"
        }
    }

    private static func json(_ rows: [Row]) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.field("store", row.store.rawValue)
            json.field("path", row.path)
            json.field("sound", row.isSound)
            switch row.verdict {
            case .success(let report):
                json.key("families")
                json.beginArray()
                for part in report.families {
                    json.beginObject()
                    json.field("family", part.family.name)
                    json.field("entries", part.entries)
                    json.field("bytes", part.bytes)
                    json.endObject()
                }
                json.endArray()
            case .failure(let error): json.field("problem", "\(error)")
            }
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }
}
