import ArgumentParser
import Telemetry
import Wire

/// `attune version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show the version of this program.")

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() {
        guard output.isJSON else {
            Console.data("attune \(GatewayVersion.text)")
            return
        }
        var json = JSONWriter()
        json.beginObject()
        json.field("version", GatewayVersion.text)
        json.endObject()
        Console.data(json.bytes)
    }
}
