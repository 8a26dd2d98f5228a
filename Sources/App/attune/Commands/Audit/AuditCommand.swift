import ArgumentParser

/// `attune audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the audit log, and prove what it says.",
        discussion: "All of it works beside a gateway that runs, and without one.",
        subcommands: [
            AuditSearchCommand.self, AuditTailCommand.self, AuditVerifyCommand.self, AuditProveCommand.self,
            AuditConsistencyCommand.self, AuditKeyCommand.self,
        ])

    @OptionGroup var config: ConfigurationOption
}
