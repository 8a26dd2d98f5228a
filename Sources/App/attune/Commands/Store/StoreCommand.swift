import ArgumentParser

/// `attune store`.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Look after what the gateway keeps on disk.",
        discussion: """
            stats, verify and export read beside a gateway that runs; checkpoint and compact need the store \
            for themselves.
            """,
        subcommands: [
            StoreStatsCommand.self, StoreVerifyCommand.self, StoreCheckpointCommand.self,
            StoreCompactCommand.self, StoreExportCommand.self,
        ])

    @OptionGroup var config: ConfigurationOption
}
