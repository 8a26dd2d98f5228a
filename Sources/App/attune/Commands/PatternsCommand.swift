import ArgumentParser
import Wire

/// `attune patterns`.
struct PatternsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patterns",
        abstract: "Show what was learned: the calls that may be next, sequences, tools and anomalies.",
        discussion: """
            Written once; with --watch, in a terminal, it is drawn anew every second until it is \
            interrupted. A tool's figures are forecasts: how long a call takes and what 95 of 100 stay \
            within, how likely it fails, gives the same again (cacheable) and changes what other calls \
            give (mutates).
            """)

    /// What tools are ordered by.
    enum Order: String, ExpressibleByArgument, CaseIterable {
        case calls, latency, failure, cacheability, mutation
    }

    @Option(help: "Only this session; those that are active are listed without it.") var session: String?
    @Option(help: "What the tools are ordered by, the highest first.") var by = Order.calls
    @Flag(help: "Draw the view anew until it is interrupted.") var watch = false
    @Option(help: "The seconds between two views.") var interval = 1.0
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard (0.1...3600).contains(interval) else {
            throw ValidationError("--interval takes 0.1 to 3600 seconds")
        }
        if session?.isEmpty == true { throw ValidationError("--session takes the name of a session") }
    }

    func run() async throws {
        let admin = try AdminClient(try config.load().configuration)
        let first = try await admin.patterns(session: session)
        if output.isJSON {
            Console.data(first.rawBytes)
            return
        }
        let style = Style(isColored: Console.isColored)
        var lines = text(first, style)
        guard watch, let screen = Screen() else {
            Console.data(lines.joined(separator: "\n"))
            return
        }
        // A gateway that is away is waited for.
        while !Task.isCancelled {
            screen.draw(lines)
            try? await Task.sleep(for: .seconds(interval))
            do throws(CommandFailure) {
                lines = text(try await admin.patterns(session: session), style)
            } catch {
                lines = [error.report]
            }
        }
    }

    private func text(_ report: JSONView, _ style: Style) -> [String] {
        PatternPicture(report, by: by, isOneSession: session != nil).text(style)
    }
}
