/// What an import will do, worked out without changing anything.
package struct ImportPlan: Sendable {
    /// Every server that was found, in the order of the files.
    package internal(set) var servers: [ImportedServer] = []
    /// Translations that need a person's eye, secrets in plain text, transports that are not supported.
    package internal(set) var notices: [Diagnostic] = []
    /// The text to append to Attune's configuration, ending in a line feed; empty when nothing is new.
    package internal(set) var toml = ""
    /// The client files that `apply` edits when it is to point the clients at Attune.
    package internal(set) var clientFiles: [String] = []

    /// Reads the clients' files and Attune's configuration, when there is one at `configurationPath`.
    ///
    /// - Parameter gatewayURL: what the clients are pointed at, such as `http://127.0.0.1:7420/mcp`.
    package static func make(
        sources: [ImportSource], places: ImportPlaces, configurationPath: String?,
        gatewayURL: String = "http://127.0.0.1:7420/mcp"
    ) throws(ImportFailure) -> ImportPlan {
        ImportPlan()
    }

    /// Appends `toml` to the file at `configurationPath`, made when absent, and points the clients at Attune
    /// when asked to. Either everything happens or nothing.
    package func apply(
        configurationPath: String, pointClients: Bool
    ) throws(ImportFailure) -> [ImportAction] {
        []
    }

    /// Restores, byte for byte, the files that the last `apply` changed.
    ///
    /// - Throws: `changedSince` when a client's file is not what the import left, unless `force` is set.
    package static func undo(
        places: ImportPlaces, force: Bool = false
    ) throws(ImportFailure) -> [ImportAction] {
        throw .noJournal(path: places.journalDirectory)
    }
}
