import ArgumentParser

/// `attune keys`.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make the keys that clients show to the gateway, and those that data is sealed with.",
        discussion: """
            new and hash are about clients. init, rotate and status are about the data directory, whose \
            values are sealed unless [persistence] encrypt is false.
            """,
        subcommands: [
            KeysNewCommand.self, KeysHashCommand.self, KeysInitCommand.self, KeysRotateCommand.self,
            KeysStatusCommand.self,
        ])

    @OptionGroup var config: ConfigurationOption
}
