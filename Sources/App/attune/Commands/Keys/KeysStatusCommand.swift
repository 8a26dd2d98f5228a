import ArgumentParser
import Assembly
import Configuration
import Foundation
import Storage
import Wire

/// `attune keys status`.
struct KeysStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the keys of the data directory, and what is sealed with which.",
        discussion: "Exit code 1 says that the data can't be read with what is configured.")

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() throws {
        let configuration = try config.load().configuration
        let report = KeyReport(configuration, environment: ProcessInfo.processInfo.environment)
        Console.data(output.isJSON ? Self.json(report) : Array(Self.text(report).utf8))
        if !report.isSound { throw ExitCode(Program.failed) }
    }

    private static func text(_ report: KeyReport) -> String {
        var lines = ["values are \(report.isEncrypting ? "sealed" : "not sealed")"]
        if report.isEncrypting {
            lines.append("key \(report.keyID ?? "?") from \(report.keyText)")
            lines.append("key ring \(report.ringPath)")
        }
        if let fault = report.fault { lines += ["\(fault)", "  next: \(fault.next)"] }
        if let fact = Self.count(report) { lines.append(fact) }
        for key in report.dataKeys.suffix(Self.shownKeys) {
            lines.append("data key \(key.epoch) (\(key.id)) of \(key.created)")
        }
        for store in report.stores {
            lines.append("\(store.path): \(Self.text(store, report))")
        }
        return lines.map(Style.printable).joined(separator: "\n")
    }

    private static let shownKeys = 3

    private static func count(_ report: KeyReport) -> String? {
        guard !report.dataKeys.isEmpty else { return nil }
        return "\(report.dataKeys.count) of at most \(KeyReport.mostDataKeys) data keys; "
            + "\(report.unusedDataKeys) seal nothing in these stores any more"
    }

    private static func text(_ store: KeyReport.Store, _ report: KeyReport) -> String {
        if let problem = store.problem { return problem }
        guard let oldest = store.oldestEpoch else { return store.state.rawValue }
        let current = report.dataKeys.last?.epoch ?? oldest
        return oldest >= current
            ? "sealed with data key \(oldest)" : "sealed with data keys \(oldest) to \(current)"
    }

    private static func json(_ report: KeyReport) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        json.field("encrypt", report.isEncrypting)
        json.field("sound", report.isSound)
        json.field("key", report.keyText)
        json.key("key_id")
        if let id = report.keyID { json.value(id) } else { json.null() }
        json.field("ring", report.ringPath)
        json.key("problem")
        if let fault = report.fault { json.value("\(fault)") } else { json.null() }
        json.key("data_keys")
        json.beginArray()
        for key in report.dataKeys {
            json.beginObject()
            json.field("epoch", Int(key.epoch))
            json.field("id", key.id)
            json.field("created", key.created)
            json.endObject()
        }
        json.endArray()
        json.field("most_data_keys", KeyReport.mostDataKeys)
        json.field("unused_data_keys", report.unusedDataKeys)
        json.key("stores")
        json.beginArray()
        for store in report.stores { write(store, &json) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func write(_ store: KeyReport.Store, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("store", store.store.rawValue)
        json.field("path", store.path)
        json.field("state", store.state.rawValue)
        json.key("oldest_epoch")
        if let epoch = store.oldestEpoch { json.value(Int(epoch)) } else { json.null() }
        json.key("problem")
        if let problem = store.problem { json.value(problem) } else { json.null() }
        json.endObject()
    }
}
