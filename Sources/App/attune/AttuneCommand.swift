import ArgumentParser
import Telemetry

/// `attune`.
struct AttuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attune",
        abstract: "A gateway for the Model Context Protocol: one address for all your MCP servers.",
        discussion: """
            Data goes to standard output and talk to standard error; `-o json` wherever there is data. \
            Exit codes: 0 done, 1 failed, 2 wrong usage.
            """,
        version: "attune \(GatewayVersion.text)",
        subcommands: [
            RunCommand.self, LearnCommand.self, ConnectCommand.self, CheckCommand.self, ImportCommand.self,
            StatusCommand.self, TopCommand.self, PatternsCommand.self, StoreCommand.self, ModelCommand.self,
            AuditCommand.self,
            ListCommand.self, CallCommand.self, MemoryCommand.self, DoctorCommand.self, KeysCommand.self,
            EvaluateCommand.self, ExportCommand.self,
            BenchCommand.self, CompletionCommand.self, VersionCommand.self, LifelineCommand.self,
        ])

    @OptionGroup var config: ConfigurationOption
}
