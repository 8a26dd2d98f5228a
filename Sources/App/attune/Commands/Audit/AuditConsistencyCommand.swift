import ArgumentParser
import Audit
import Wire

/// `attune audit consistency OLD NEW`.
struct AuditConsistencyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consistency",
        abstract: "Prove that a later state of the log begins with an earlier one.",
        discussion: "Exit code 0 says that the log only grew between the two sizes.")

    @Argument(help: "How many entries the earlier state had.") var old: UInt64
    @Argument(help: "How many the later one had.") var new: UInt64
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() throws {
        let store = AuditStore(configuration: try config.load().configuration)
        let (old, new) = (old, new)
        let statement = try store.reading { reader throws(AuditFailure) in
            try AuditReader(reader).consistency(from: old, to: new)
        }
        if output.isJSON {
            Console.data(Self.json(statement))
        } else {
            let hashes = statement.path.map { "\n\($0)" }.joined()
            Console.data("\(old) \(statement.oldRoot)\n\(new) \(statement.newRoot)\(hashes)")
        }
        if !statement.holds { throw ExitCode(Program.failed) }
    }

    private static func json(_ statement: ConsistencyStatement) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        json.field("old_size", Int(clamping: statement.oldSize))
        json.field("old_root", statement.oldRoot.description)
        json.field("new_size", Int(clamping: statement.newSize))
        json.field("new_root", statement.newRoot.description)
        json.field("consistent", statement.holds)
        json.key("path")
        json.beginArray()
        for hash in statement.path { json.value(hash.description) }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}
