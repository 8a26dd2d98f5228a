import ArgumentParser
import Configuration

/// `attune doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look for what is wrong, with and without a running gateway.",
        discussion: "Fails when something is; warnings do not fail.")

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        var findings = MachineChecks.versions()
        let (loaded, problems) = ConfigurationChecks.findings(config)
        findings += problems
        if let loaded {
            let gateway = await GatewayChecks.findings(loaded.configuration)
            findings += gateway.findings
            findings += await ServerChecks.findings(loaded.configuration, running: gateway.servers)
            findings += await LearnerChecks.findings(
                loaded.configuration, isRunning: gateway.servers != nil)
            findings += MachineChecks.limits(loaded.configuration)
            findings += MachineChecks.directories(loaded.configuration)
            findings += EncryptionChecks.findings(loaded.configuration)
        }
        if output.isJSON {
            Console.data(Finding.json(findings))
        } else {
            let style = Style(isColored: Console.isColored)
            Console.data(findings.map { $0.text(style) }.joined(separator: "\n"))
        }
        if findings.contains(where: { $0.status == .fail }) { throw ExitCode(Program.failed) }
    }
}
