/// The command line of a stdio server, as a configuration names it.
package struct ServerCommand: Sendable, Equatable {
    /// A name that is looked up on `PATH`, or a path; a relative one starts at the working directory, and a
    /// leading `~/` is the home directory. No shell sees it.
    package var command: String
    package var arguments: [String]
    /// Added to the inherited environment; these win.
    package var environment: [String: String]
    /// Nil: the gateway's own. A leading `~/` is the home directory.
    package var workingDirectory: String?

    package init(
        command: String, arguments: [String] = [], environment: [String: String] = [:],
        workingDirectory: String? = nil
    ) {
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}
