import ArgumentParser
import Audit

/// `attune audit search`.
struct AuditSearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "List the entries that match, the newest first.",
        discussion: "Times are like 2026-11-23 or 2026-11-23T12:00:00Z.")

    @OptionGroup var filter: AuditFilterOptions
    @Option(help: "The most entries to list; 0 for all.") var limit = 50
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit is negative; give a number of entries, or 0 for all") }
    }

    func run() throws {
        let store = AuditStore(configuration: try config.load().configuration)
        let filter = try filter.filter()
        let isJSON = output.isJSON
        let limit = limit
        let unread = try store.reading { reader throws(AuditFailure) in
            var listing = AuditListing(isJSON: isJSON)
            var found = 0
            let unread = try AuditSearch(reader).walk(filter) { place, entry in
                listing.add(AuditRow.json(place, entry))
                found += 1
                return found != limit
            }
            listing.end()
            return unread
        }
        if unread > 0 { Console.talk("\(unread) places hold no entry: run `attune audit verify`") }
    }
}
