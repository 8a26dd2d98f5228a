import ArgumentParser
import Wire

/// `attune top`.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Show what goes on: calls, errors and latencies by server and tool.",
        discussion: """
            In a terminal the view is drawn anew every second until it is interrupted; elsewhere, and with \
            --once or -o json, it is written once.
            """)

    @Flag(help: "Write the view once.") var once = false
    @Option(help: "The seconds between two views.") var interval = 1.0
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard (0.1...3600).contains(interval) else {
            throw ValidationError("--interval takes 0.1 to 3600 seconds")
        }
    }

    func run() async throws {
        let admin = try AdminClient(try config.load().configuration)
        let first = try await admin.value("/api/v1/top")
        if output.isJSON {
            Console.data(first.rawBytes)
            return
        }
        let style = Style(isColored: Console.isColored)
        guard !once, let screen = Screen() else {
            Console.data(TopPicture(first).text(style).joined(separator: "\n"))
            return
        }
        await watch(admin, first, screen, style)
    }

    /// Draws until the process is interrupted; a gateway that is away is waited for.
    private func watch(_ admin: AdminClient, _ first: JSONView, _ screen: Screen, _ style: Style) async {
        var lines = TopPicture(first).text(style)
        while !Task.isCancelled {
            screen.draw(lines)
            try? await Task.sleep(for: .seconds(interval))
            do throws(CommandFailure) {
                lines = TopPicture(try await admin.value("/api/v1/top")).text(style)
            } catch {
                lines = [error.report]
            }
        }
    }
}
