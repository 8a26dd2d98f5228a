/// One server found in a client's configuration.
package struct ImportedServer: Sendable, Equatable {
    /// What becomes of it.
    package enum Outcome: Sendable, Equatable {
        /// Written as `[servers.NAME]`.
        case added
        /// Written as a comment, because the client has it switched off.
        case disabled
        /// The configuration, or an earlier file of this import, has the same server already.
        case present(name: String)
        /// It is Attune itself.
        case attune
        /// Attune cannot reach it; written as a comment and left in the client.
        case unsupported(reason: String)
    }

    /// The name in Attune's configuration.
    package var name: String
    /// The name in the client's configuration.
    package var originalName: String
    package var file: String
    /// From 1; where the client's file names it.
    package var line: Int
    /// The directory of the project it belongs to, for entries of one project.
    package var project: String?
    package var outcome: Outcome

    package init(
        name: String, originalName: String, file: String, line: Int, project: String? = nil, outcome: Outcome
    ) {
        self.name = name
        self.originalName = originalName
        self.file = file
        self.line = line
        self.project = project
        self.outcome = outcome
    }
}
