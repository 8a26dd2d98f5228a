/// What one import did to files, as `journal.json` keeps it beside the copies of the files.
struct JournalEntry: Codable, Sendable, Equatable {
    struct File: Codable, Sendable, Equatable {
        var path: String
        /// nil for Attune's own configuration.
        var client: String?
        /// The name of the copy of what the file was; nil when it was made.
        var original: String?
        /// The name of the copy of what the import left.
        var result: String
        var mode: UInt16
        var owner: UInt32?
        var group: UInt32?
    }

    static let currentVersion = 1

    var version = JournalEntry.currentVersion
    var files: [File]
}
