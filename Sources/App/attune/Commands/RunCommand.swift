import ArgumentParser
import Assembly
import Configuration
import Foundation

/// `attune run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the gateway until SIGTERM or SIGINT.",
        discussion: """
            SIGHUP loads the configuration anew and opens the log file anew. A second SIGTERM cuts the \
            draining of calls short. With --stdio one client is served over standard input and output \
            instead, no address is listened on, and the gateway ends with its client.
            """)

    @Flag(help: "Serve one client over standard input and output, and listen nowhere.") var stdio = false
    @OptionGroup var config: ConfigurationOption

    func run() async throws {
        let loaded = try config.load(.read)
        for warning in loaded.warnings { Console.talk(warning.rendered(colored: Console.isTalkColored)) }
        let signals = ProcessSignal.all()
        let program = try await start(loaded)
        if !stdio { Console.talk(Self.banner(program, loaded)) }
        let code = stdio ? await program.serveStandardStreams(signals) : await program.serve(signals)
        if code != 0 { throw ExitCode(code) }
    }

    private func start(_ loaded: LoadedConfiguration) async throws(CommandFailure) -> GatewayProgram {
        do throws(StartFailure) {
            return try await GatewayProgram.start(
                loaded, environment: ProcessInfo.processInfo.environment, listens: !stdio)
        } catch {
            throw .serving(reason: error.text)
        }
    }

    private static func banner(_ program: GatewayProgram, _ loaded: LoadedConfiguration) -> String {
        var lines = ["attune serves MCP at \(program.mcpURL), its dashboard at \(program.adminURL)"]
        if loaded.path == nil {
            lines.append("no configuration was found and there are no servers: `attune import` adds yours")
        }
        return lines.joined(separator: "\n")
    }
}
