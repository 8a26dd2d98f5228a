import ArgumentParser
import Configuration
import Wire

/// `attune check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the configuration, or a JSON file.",
        discussion: "Warnings do not fail. With --json a file is judged by the scanner that judges messages.")

    @Option(
        name: .customLong("json"),
        help: ArgumentHelp("A file to judge as JSON; - is standard input.", valueName: "file"),
        completion: .file())
    var jsonFile: String?
    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() throws {
        if let jsonFile {
            try judge(jsonFile)
        } else {
            try checkConfiguration()
        }
    }

    private func judge(_ file: String) throws {
        let verdict = JSONVerdict(try InputFile.read(file), name: file == "-" ? "standard input" : file)
        Console.data(output.isJSON ? verdict.json : Array(verdict.text.utf8))
        if verdict.fault != nil { throw ExitCode(Program.failed) }
    }

    private func checkConfiguration() throws {
        let result = Result(catching: { () throws(CommandFailure) in try config.load() })
        let loaded = try? result.get()
        var diagnostics = loaded?.warnings ?? []
        if case .failure(.configuration(let found)) = result { diagnostics = found }
        if output.isJSON {
            Console.data(Diagnostic.json(diagnostics))
        } else {
            for diagnostic in diagnostics { Console.data(diagnostic.rendered(colored: Console.isColored)) }
            if let loaded { Console.data(Self.summary(loaded)) }
        }
        if loaded == nil { throw ExitCode(Program.failed) }
    }

    private static func summary(_ loaded: LoadedConfiguration) -> String {
        guard let path = loaded.path else {
            return "no configuration file was found: every setting is at its default and there are no servers"
        }
        let servers = loaded.configuration.servers.count
        let warnings = loaded.warnings.count
        return "\(path): ok, \(servers) \(servers == 1 ? "server" : "servers")"
            + (warnings == 0 ? "" : ", \(warnings) \(warnings == 1 ? "warning" : "warnings")")
    }
}
