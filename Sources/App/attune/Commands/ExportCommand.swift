import ArgumentParser

/// `attune export`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write what the gateway has kept, for other programs.",
        subcommands: [ExportObservationsCommand.self])

    @OptionGroup var config: ConfigurationOption
}
