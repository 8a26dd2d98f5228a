extension ServerCommand {
    /// The full path of the program that would be started, looked up as at the start of the server.
    ///
    /// - Parameter inherited: the gateway's environment.
    package func located(inherited: [String: String]) throws(LaunchError) -> String {
        try ResolvedCommand(self, inherited: inherited).program
    }
}
