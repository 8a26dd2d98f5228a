/// Why an import, or its undoing, did not happen; nothing was changed.
package enum ImportFailure: Error, Sendable, Equatable {
    /// None of the places that were looked at has a file.
    case nothingFound(places: [String])
    case unreadable(path: String, errno: Int32)
    case tooLarge(path: String, bytes: Int)
    /// The file is not JSON (with comments) or TOML.
    case malformed(Diagnostic)
    /// The file is sound and holds no MCP servers in any known form.
    case unknownFormat(path: String)
    /// Attune's own configuration has errors; they come first.
    case configuration([Diagnostic])
    case unwritable(path: String, errno: Int32)
    /// The file was changed between reading and writing.
    case changedMeanwhile(path: String)
    /// There is nothing to undo.
    case noJournal(path: String)
    case damagedJournal(path: String)
    /// The file was changed after the import; `force` restores it all the same.
    case changedSince(path: String)
    case backupMissing(path: String, backup: String)
}

extension ImportFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nothingFound(let places):
            "no MCP client configuration was found; looked at " + places.joined(separator: ", ")
        case .unreadable(let path, let number): "\(path) cannot be read: \(SystemError.text(number))"
        case .tooLarge(let path, let bytes): "\(path) has \(bytes) bytes; at most 16 MiB are read"
        case .malformed(let diagnostic): diagnostic.rendered(colored: false)
        case .unknownFormat(let path):
            "\(path) has no MCP servers in a known form (mcpServers, servers, mcp.servers or mcp_servers)"
        case .configuration(let diagnostics):
            diagnostics.map { $0.rendered(colored: false) }.joined(separator: "\n")
        case .unwritable(let path, let number):
            "\(path) cannot be written: \(SystemError.text(number)); nothing was changed"
        case .changedMeanwhile(let path):
            "\(path) was changed by another program during the import; nothing was changed, try again"
        case .noJournal: "there is no import to undo"
        case .damagedJournal(let path): "\(path) is damaged; the backups beside it are still whole"
        case .changedSince(let path):
            "\(path) was changed after the import; --force restores it all the same and loses those changes"
        case .backupMissing(let path, let backup):
            "\(path) cannot be restored: its backup \(backup) is missing or damaged"
        }
    }
}
