import ArgumentParser

/// `attune ls`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List what the running gateway knows.",
        subcommands: [ListServersCommand.self, ListToolsCommand.self, ListCallsCommand.self])

    @OptionGroup var config: ConfigurationOption
}
