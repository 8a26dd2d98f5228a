/// The program of a stdio server, started without a shell.
package struct ServerCommand: Sendable, Equatable {
    /// A path, or a name that is looked up in PATH.
    package var program: ExpandedText
    package var arguments: [ExpandedText]
    /// Variables set over the gateway's own environment.
    package var environment: [String: ExpandedText]
    /// Where it runs; nil is where the gateway runs.
    package var workingDirectory: ExpandedText?

    package init(
        program: ExpandedText, arguments: [ExpandedText] = [], environment: [String: ExpandedText] = [:],
        workingDirectory: ExpandedText? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}
