/// What an import will do, worked out without changing anything.
package struct ImportPlan: Sendable {
    /// Every server that was found, in the order of the files.
    package internal(set) var servers: [ImportedServer] = []
    /// Translations that need a person's eye, secrets in plain text, transports that are not supported.
    package internal(set) var notices: [Diagnostic] = []
    /// The text to append to Attune's configuration, ending in a line feed; empty when nothing is new.
    package internal(set) var toml = ""
    /// The client files that `apply` edits when it is to point the clients at Attune.
    package var clientFiles: [String] {
        edits.compactMap { if case .replaced = $0.outcome { $0.file.path } else { nil } }
    }

    var edits: [ClientEdit] = []
    var places: ImportPlaces
    /// Attune's configuration as it was read; nil when there was none.
    var existing: ExistingConfiguration

    /// Reads the clients' files and Attune's configuration, when there is one at `configurationPath`.
    ///
    /// - Parameters:
    ///   - gatewayURL: what the clients are pointed at, such as `http://127.0.0.1:7420/mcp`.
    ///   - program: what clients that only start programs are told to start.
    package static func make(
        sources: [ImportSource], places: ImportPlaces, configurationPath: String?,
        gatewayURL: String = "http://127.0.0.1:7420/mcp", program: String = "attune"
    ) throws(ImportFailure) -> ImportPlan {
        let existing = try ExistingConfiguration(path: configurationPath)
        var plan = ImportPlan(places: places, existing: existing)
        let reader = ClientFileReader(places: places, gatewayURL: gatewayURL)
        let files = try reader.read(sources, notices: &plan.notices)
        var naming = ServerNaming(existing: existing)
        var sections: [String] = []
        for file in files {
            plan.notices += file.notices
            for server in file.servers {
                let imported = naming.adopt(server, file)
                plan.servers.append(imported)
                if let notice = Self.notice(imported, file, server) { plan.notices.append(notice) }
                let section = ServerSection(server: imported, entry: server.entry, client: file.client)
                if section.isWritten, !existing.contains(section.text) { sections.append(section.text) }
            }
            plan.edits.append(
                ClientEdit(
                    file: file, program: program, configuration: places.named(configurationPath),
                    gatewayURL: gatewayURL))
        }
        plan.toml = sections.joined(separator: "\n")
        return plan
    }

    /// What is left out of the configuration is told, and so is a name that is not the client's.
    private static func notice(_ imported: ImportedServer, _ file: ClientFile, _ server: ClientServer)
        -> Diagnostic?
    {
        var text: String
        var suggestion: String?
        switch imported.outcome {
        case .unsupported(let reason):
            text = "is not imported: \(reason)"
            suggestion = "it stays in \(file.client.title) and is written as a comment"
        case .added where imported.name != imported.originalName: text = "is named \(imported.name) in Attune"
        case .disabled:
            text = "is switched off in \(file.client.title)"
            suggestion = "it is written as a comment"
        default: return nil
        }
        text = "\"\(imported.originalName)\" " + text
        var notice = file.source.diagnostic(.warning, at: server.nameRange, text, suggestion: suggestion)
        notice.sourceLine = nil
        return notice
    }
}
