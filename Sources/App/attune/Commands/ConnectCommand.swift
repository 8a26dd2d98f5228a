import ArgumentParser
import Assembly
import Configuration
import Foundation
import Transports

/// `attune connect`.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Speak MCP over standard input and output to the running gateway.",
        discussion: """
            For clients that start a command: give them `attune connect`. Ends after the end of the input, \
            when everything is answered.
            """)

    @Option(help: "The endpoint: /mcp, /mcp/SERVER or /profiles/NAME/mcp.") var path = "/mcp"
    @OptionGroup var config: ConfigurationOption

    func validate() throws {
        let isPlain = path.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard path.hasPrefix("/"), isPlain else {
            throw ValidationError("--path is an address of the gateway such as /mcp or /mcp/git")
        }
    }

    func run() async throws {
        let socket = await Self.socket(try config.load().configuration)
        do throws(StandardStreamRelay.Failure) {
            try await StandardStreamRelay.run(socketPath: socket, endpoint: path)
        } catch {
            throw Self.failure(error, path)
        }
    }

    /// Where the gateway's socket is. A client may start this command with another environment than the
    /// gateway's, most often without `XDG_RUNTIME_DIR`: then the gateway is asked, and believed if the socket
    /// is the user's own.
    private static func socket(_ configuration: GatewayConfiguration) async -> String {
        let usual = GatewayProgram.socketPath(configuration)
        if FileManager.default.fileExists(atPath: usual) { return usual }
        let status = try? await AdminClient(configuration).value("/api/v1/status")
        guard let told = status?["socket"]?.string,
            let owner = try? FileManager.default.attributesOfItem(atPath: told)[.ownerAccountID] as? NSNumber,
            owner.uint32Value == getuid()
        else { return usual }
        return told
    }

    private static func failure(_ failure: StandardStreamRelay.Failure, _ endpoint: String) -> CommandFailure
    {
        switch failure {
        case .noGateway(let path, let errno):
            .notRunning(address: path, reason: SystemText.of(errno))
        case .gatewayClosed: .closed(endpoint: endpoint)
        }
    }
}
