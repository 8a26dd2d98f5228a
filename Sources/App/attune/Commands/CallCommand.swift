import ArgumentParser
import Foundation
import Telemetry
import Wire

/// `attune call NAME JSON`.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Call a tool through the running gateway and print its raw result.",
        discussion: """
            The name is the one that `attune ls tools` shows. Fails when the result says that it is an \
            error. A gateway with keys is shown the one in ATTUNE_KEY.
            """)

    @Argument(help: "The tool, such as git__git_status.") var name: String
    @Argument(
        help: ArgumentHelp("Its arguments: a JSON object, @FILE, or - for standard input.", valueName: "json")
    )
    var arguments = "{}"
    @Option(help: "The endpoint to call: /mcp, /mcp/SERVER or /profiles/NAME/mcp.") var path = "/mcp"
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        if !path.hasPrefix("/") { throw ValidationError("--path begins with a slash, such as /mcp/git") }
    }

    func run() async throws {
        let arguments = try argumentObject()
        let loaded = try config.load().configuration
        let address = try GatewayAddress.protocolAddress(loaded)
        let request = ToolCallRequest(
            tool: name, arguments: arguments, key: ProcessInfo.processInfo.environment["ATTUNE_KEY"])
        let answer = try await GatewayClient.post(
            address, path, body: request.body, headers: request.headers, timeout: loaded.core.requestTimeout)
        let message = try request.answer(in: answer, address.base + path)
        if let result = message["result"] {
            Console.data(result.rawBytes)
            if result["isError"]?.bool == true { throw ExitCode(Program.failed) }
        } else if let error = message["error"] {
            Console.data(error.rawBytes)
            Console.talk("error: \(Style.printable(error["message"]?.string ?? "the call failed"))")
            throw ExitCode(Program.failed)
        }
    }

    private func argumentObject() throws(CommandFailure) -> [UInt8] {
        let isFile = arguments.hasPrefix("@")
        let bytes =
            arguments == "-" || isFile
            ? try InputFile.read(isFile ? String(arguments.dropFirst()) : "-") : Array(arguments.utf8)
        let verdict = JSONVerdict(bytes, name: "the arguments")
        if verdict.fault != nil { throw .malformedJSON(name: "the argument JSON", reason: verdict.text) }
        guard let view = try? JSONView(validating: bytes), view.kind == .object else {
            throw .malformedJSON(name: "the argument JSON", reason: "it is not an object")
        }
        return view.rawBytes
    }
}
