import FoundationEssentials

extension ServerProcess {
    /// Starts a server.
    ///
    /// - Parameter name: what the process finds as its own name (`argv[0]`); nil: the path of the program.
    /// - Parameter lifeline: marks the process, and all that descend from it, for the sweep that follows the
    ///   gateway's death; nil marks nothing.
    /// - Parameter onStandardErrorLine: takes each line of its standard error, on a queue of the process;
    ///   while it runs nothing more is read.
    /// - Parameter onExit: called once, on no particular thread, when the process has ended, its group is
    ///   gone and its status collected.
    package static func start(
        _ command: ServerCommand, name: String? = nil, lifeline: Lifeline? = nil,
        onStandardErrorLine: (@Sendable (String) -> Void)? = nil,
        onExit: @escaping @Sendable (ProcessExit) -> Void
    ) async throws(LaunchError) -> ServerProcess {
        var resolved = try ResolvedCommand(
            command, inherited: ProcessInfo.processInfo.environment, added: lifeline?.environment ?? [:])
        resolved.name = name
        return try await ServerLaunch(resolved, onStandardErrorLine: onStandardErrorLine, onExit: onExit)
            .start()
    }
}
