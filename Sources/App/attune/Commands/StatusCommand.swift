import ArgumentParser
import Wire

/// `attune status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how the running gateway is.",
        discussion: "Fails when no gateway runs, and when it takes no calls.")

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        let admin = try AdminClient(try config.load().configuration)
        let status = try await admin.value("/api/v1/status")
        if output.isJSON {
            Console.data(status.rawBytes)
        } else {
            Console.data(text(status, Style(isColored: Console.isColored)))
        }
        let state = status["status"]?.string
        if state != "ready" && state != "degraded" { throw ExitCode(Program.failed) }
    }

    private func text(_ status: JSONView, _ style: Style) -> String {
        let state = status["status"]?.string ?? ""
        let servers = status["servers"]
        let facts = [
            ("status", style.tinted(Style.printable(state), Style.tint(ofState: state))),
            ("version", status["version"]?.string ?? ""),
            ("up for", Amount.uptime(seconds: status["uptime_s"]?.int ?? 0)),
            ("mcp", status["mcp_url"]?.string ?? ""),
            ("admin", status["admin_url"]?.string ?? ""),
            ("servers", "\(servers?["up"]?.int ?? 0) of \(servers?["total"]?.int ?? 0) up"),
            ("calls/s", String(status["calls_per_s"]?.double ?? 0)),
            ("learner", status["learner"]?["state"]?.string ?? ""),
        ]
        var lines = facts.map { name, value in name + String(repeating: " ", count: 9 - name.count) + value }
        for reason in status["reasons"].map({ Array($0.elements) }) ?? [] {
            let words = ["component", "state", "detail"].map {
                Style.printable(reason.member($0)?.string ?? "")
            }
            lines.append(style.tinted("  \(words[0]) is \(words[1]): \(words[2])", .warn))
        }
        return lines.joined(separator: "\n")
    }
}
