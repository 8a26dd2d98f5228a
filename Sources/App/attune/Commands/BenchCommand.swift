import ArgumentParser

/// `attune bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure what the system promises.",
        subcommands: [BenchTargetsCommand.self, BenchOperationCommand.self, BenchHopCommand.self])

    @OptionGroup var config: ConfigurationOption
}
