import ArgumentParser
import Audit

/// `attune audit tail`.
struct AuditTailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "List the last entries, the oldest of them first.")

    /// What is held to be turned round.
    private static let most = 100_000

    @OptionGroup var filter: AuditFilterOptions
    @Option(name: [.customShort("n"), .long], help: "How many entries, at most 100,000.") var limit = 20
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard (1...Self.most).contains(limit) else {
            throw ValidationError("--limit is a number from 1 to \(Self.most)")
        }
    }

    func run() throws {
        let store = AuditStore(configuration: try config.load().configuration)
        let filter = try filter.filter()
        let limit = limit
        let last = try store.reading { reader throws(AuditFailure) in
            var last: [[UInt8]] = []
            try AuditSearch(reader).walk(filter) { place, entry in
                last.append(AuditRow.json(place, entry))
                return last.count < limit
            }
            return last
        }
        var listing = AuditListing(isJSON: output.isJSON)
        for row in last.reversed() { listing.add(row) }
        listing.end()
    }
}
