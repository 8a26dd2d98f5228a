import ArgumentParser

/// `attune store`.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Look after what the gateway keeps on disk.",
        discussion: """
            All of them work beside a gateway that runs; checkpoint and compact need the learner's store for \
            themselves.
            """,
        subcommands: [
            StoreStatsCommand.self, StoreVerifyCommand.self, StoreCheckpointCommand.self,
            StoreCompactCommand.self, StoreExportCommand.self,
        ])

    @OptionGroup var config: ConfigurationOption
}
