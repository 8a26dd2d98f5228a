import ArgumentParser
import Assembly
import Configuration
import Storage

/// `attune store export`.
struct StoreExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a store's entries as JSON lines, keys and values in hex.",
        discussion: "Each line is {\"family\", \"key\", \"value\"}, in the order of families and keys.")

    @Option(help: "The store: core (the gateway's) or learner.") var store = DataStore.core
    @Option(help: "Only this column family; may be given more than once.") var family: [String] = []
    @OptionGroup var config: ConfigurationOption

    /// Lines are written in blocks of about so many bytes.
    private static let blockBytes = 64 << 10

    func run() throws {
        let configuration = try config.load().configuration
        do throws(StorageError) {
            try store.reading(configuration) { reader throws(StorageError) in
                let families = family.isEmpty ? reader.families : family.map { Family($0) }
                var block: [UInt8] = []
                try StoreExport.lines(of: reader, families: families) { line in
                    block += line
                    if block.count < Self.blockBytes { return }
                    Console.data(block)
                    block.removeAll(keepingCapacity: true)
                }
                if !block.isEmpty { Console.data(block) }
            }
        } catch {
            throw CommandFailure.storing(error)
        }
    }
}
