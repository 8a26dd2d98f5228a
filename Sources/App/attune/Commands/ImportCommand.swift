import ArgumentParser
import Assembly
import Configuration
import Foundation
import Processes

/// `attune import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add the MCP servers of other clients' configurations to Attune's.",
        discussion: """
            Reads Claude Desktop, Claude Code, VS Code, Cursor, Windsurf, Gemini CLI and Codex, or the \
            file that is named. With --write those clients are pointed at Attune as well; --undo takes the \
            last import back, byte for byte.
            """)

    @Argument(help: "A configuration to read, in any of the known forms.", completion: .file())
    var file: String?
    @Option(
        help: ArgumentHelp(
            "Only this client: \(ImportClient.allCases.map(\.rawValue).joined(separator: ", ")); repeatable.",
            valueName: "client"))
    var client: [ImportClient] = []
    @Flag(help: "Point the clients at Attune too; their files are edited in place, with a backup.")
    var write = false
    @Flag(help: "Show what would be added and change nothing.") var dryRun = false
    @Flag(help: "Restore what the last import changed.") var undo = false
    @Flag(help: "With --undo: restore files that were changed since, too.") var force = false
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        if file != nil && !client.isEmpty {
            throw ValidationError("a file and --client were given; give one of them")
        }
        if undo && (file != nil || !client.isEmpty || write || dryRun) {
            throw ValidationError("--undo takes nothing else but --force, --config and -o")
        }
        if force && !undo { throw ValidationError("--force belongs to --undo") }
        if dryRun && write { throw ValidationError("--dry-run changes nothing, so --write has no effect") }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let places = ImportPlaces(
            home: environment["HOME"] ?? NSHomeDirectory(),
            workingDirectory: FileManager.default.currentDirectoryPath, environment: environment)
        if undo {
            let actions = try Self.importing { () throws(ImportFailure) in
                try ImportPlan.undo(places: places, force: force)
            }
            await note("import undo", actions)
            show(ImportReport(plan: nil, actions: actions))
            return
        }
        let target = target(environment)
        let exists = FileManager.default.fileExists(atPath: target)
        let listen = exists ? try? config.load().configuration.core.listen : nil
        let address = listen ?? ListenAddress(host: "127.0.0.1", port: 7420)
        let plan = try Self.importing { () throws(ImportFailure) in
            try ImportPlan.make(
                sources: sources, places: places, configurationPath: target,
                gatewayURL: "http://\(address)/mcp", program: Self.program)
        }
        let actions =
            dryRun
            ? []
            : try Self.importing { () throws(ImportFailure) in
                try plan.apply(configurationPath: target, pointClients: write)
            }
        await note("import", actions)
        show(ImportReport(plan: plan, actions: actions))
    }

    /// The file that servers are added to: the one in use, else the user's own.
    private func target(_ environment: [String: String]) -> String {
        let directory = FileManager.default.currentDirectoryPath
        return config.path
            ?? ConfigurationPath.conventional(environment: environment, workingDirectory: directory).last
            ?? directory + "/attune.toml"
    }

    /// This program by its full path, as it was called: clients start it with a PATH of their own, and a link
    /// outlives an update.
    private static var program: String {
        let name = CommandLine.arguments.first ?? "attune"
        if name.contains("/") { return URL(filePath: name).standardizedFileURL.path }
        let environment = ProcessInfo.processInfo.environment
        return (try? Processes.ServerCommand(command: name).located(inherited: environment)) ?? name
    }

    /// Tells the audit log of the data directory that the configuration names, if there is one.
    private func note(_ action: String, _ actions: [ImportAction]) async {
        guard !actions.isEmpty, let configuration = try? config.load().configuration else { return }
        await ActNote.leave(OperatorAct(action, .applied, actions.map(ImportReport.words)), configuration)
    }

    private var sources: [ImportSource] {
        if let file { return [.file(file)] }
        return client.isEmpty ? [.everything] : client.map { .client($0) }
    }

    private func show(_ report: ImportReport) {
        if output.isJSON {
            Console.data(report.json)
        } else {
            for notice in report.plan?.notices ?? [] {
                Console.talk(notice.rendered(colored: Console.isTalkColored))
            }
            if dryRun, let toml = report.plan?.toml, !toml.isEmpty { Console.data(toml) }
            Console.talk(report.text(isDry: dryRun))
        }
    }

    private static func importing<Value>(_ body: () throws(ImportFailure) -> Value) throws(CommandFailure)
        -> Value
    {
        do throws(ImportFailure) {
            return try body()
        } catch {
            throw .importing(error)
        }
    }
}

extension ImportClient: ExpressibleByArgument {}
