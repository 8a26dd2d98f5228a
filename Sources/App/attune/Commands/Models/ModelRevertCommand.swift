import ArgumentParser

/// `attune model revert`.
struct ModelRevertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert", abstract: "Make a version without what another one brought.",
        discussion: "What was learned after it stays. `rollback` instead goes back to an earlier version.")

    @Argument(help: "The commit to undo; else HEAD.") var commit = "HEAD"
    @Option(name: [.customShort("m"), .long], help: "The message of the version that is made.")
    var message = ""
    @OptionGroup var option: ModelOption

    func run() async throws { try await ModelChange.make(.revert(commit), option, message: message) }
}
