import ArgumentParser
import Assembly
import Configuration
import Dashboard
import Wire

/// `attune memory`.
struct MemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory", abstract: "Show what the gateway's memory is divided into, to scale.",
        discussion: "Shows how full each part is when a gateway runs, else the layout of the configuration.")

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        let configuration = try config.load().configuration
        let live = await Self.live(configuration)
        let report = live ?? MemoryReport(configuration).json
        if output.isJSON { return Console.data(report) }
        guard let view = try? JSONView(validating: report, limits: ScanLimits(maxBytes: 1 << 20)),
            let picture = MemoryPicture(view)
        else { throw CommandFailure.unexpectedAnswer(address: "the gateway", status: 200, message: "") }
        Console.data(picture.rendered(Style(isColored: Console.isColored)))
        if live == nil { Console.talk("no gateway runs: this is the layout of the configuration") }
    }

    /// The running gateway's report; nil where none answers.
    private static func live(_ configuration: GatewayConfiguration) async -> [UInt8]? {
        guard let admin = try? AdminClient(configuration),
            let value = try? await admin.value("/api/v1/memory")
        else { return nil }
        return Array(value.rawBytes)
    }
}
