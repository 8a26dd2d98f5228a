import Configuration

/// Whether there is a configuration and it is sound.
enum ConfigurationChecks {
    /// - Returns: no configuration if it cannot be used.
    static func findings(_ option: ConfigurationOption) -> (LoadedConfiguration?, [Finding]) {
        let check = "configuration"
        switch Result(catching: { () throws(CommandFailure) in try option.load() }) {
        case .success(let loaded): return (loaded, sound(loaded, check))
        case .failure(.configuration(let diagnostics)): return (nil, diagnostics.map { unsound($0, check) })
        case .failure(let failure): return (nil, [.fail(check, failure.report, next: "run `attune check`")])
        }
    }

    private static func sound(_ loaded: LoadedConfiguration, _ check: String) -> [Finding] {
        guard let path = loaded.path else {
            let next = "run `attune import` to add the servers of your MCP client, or write attune.toml"
            return [.warn(check, "no file was found; there are no servers", next: next)]
        }
        let servers = loaded.configuration.servers.count
        var findings: [Finding] = [.ok(check, "\(path) is valid and names \(servers) servers")]
        for warning in loaded.warnings {
            let next = warning.suggestion ?? "take the line out if it is not needed"
            findings.append(.warn(check, place(warning) + warning.message, next: next))
        }
        return findings
    }

    private static func unsound(_ diagnostic: Diagnostic, _ check: String) -> Finding {
        let next = diagnostic.suggestion ?? "correct it; `attune check` shows the line"
        let detail = place(diagnostic) + diagnostic.message
        return diagnostic.severity == .error
            ? .fail(check, detail, next: next) : .warn(check, detail, next: next)
    }

    private static func place(_ diagnostic: Diagnostic) -> String {
        guard let line = diagnostic.line else { return diagnostic.file + ": " }
        return "\(diagnostic.file):\(line):\(diagnostic.column ?? 1): "
    }
}
