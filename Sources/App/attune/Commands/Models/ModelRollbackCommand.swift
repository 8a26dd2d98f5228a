import ArgumentParser

/// `attune model rollback`.
struct ModelRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Go back to an earlier version, and learn on from there.",
        discussion: "The versions that are left are in `attune model reflog` until `gc` lets them go.")

    @Argument(help: "The commit to go back to; else the one before HEAD.") var commit = "HEAD~1"
    @OptionGroup var option: ModelOption

    func run() async throws { try await ModelChange.make(.rollback(commit), option) }
}
