import ArgumentParser

/// `attune keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make and hash the keys that clients show to the gateway.",
        subcommands: [KeysNewCommand.self, KeysHashCommand.self])

    @OptionGroup var config: ConfigurationOption
}
