import Foundation

/// Where the clients keep their configuration on this machine.
package struct ImportPlaces: Sendable {
    package enum Platform: Sendable {
        case linux, macOS, windows

        package static var current: Platform {
            #if os(macOS)
                .macOS
            #elseif os(Windows)
                .windows
            #else
                .linux
            #endif
        }
    }

    /// Absolute.
    package var home: String
    /// Absolute; the project whose `.mcp.json`, `.vscode/mcp.json` and `.cursor/mcp.json` are read.
    package var workingDirectory: String
    package var environment: [String: String]
    package var platform: Platform

    package init(
        home: String, workingDirectory: String, environment: [String: String] = [:],
        platform: Platform = .current
    ) {
        self.home = home
        self.workingDirectory = workingDirectory
        self.environment = environment
        self.platform = platform
    }

    /// The files of a client, whether they exist or not, the user's before the project's.
    package func files(of client: ImportClient) -> [String] {
        switch client {
        case .claudeDesktop: [applicationData + "/Claude/claude_desktop_config.json"]
        case .claudeCode:
            [inHome("CLAUDE_CONFIG_DIR", otherwise: "") + "/.claude.json", workingDirectory + "/.mcp.json"]
        case .visualStudioCode:
            [
                applicationData + "/Code/User/mcp.json", applicationData + "/Code/User/settings.json",
                workingDirectory + "/.vscode/mcp.json", workingDirectory + "/.vscode/settings.json",
            ]
        case .cursor: [home + "/.cursor/mcp.json", workingDirectory + "/.cursor/mcp.json"]
        case .windsurf: [home + "/.codeium/windsurf/mcp_config.json"]
        case .gemini: [home + "/.gemini/settings.json", workingDirectory + "/.gemini/settings.json"]
        case .codex: [inHome("CODEX_HOME", otherwise: "/.codex") + "/config.toml"]
        case .other: []
        }
    }

    /// The directory of the journal and the backups of `import --write`.
    package var journalDirectory: String {
        var variables = environment
        variables["HOME"] = variables["HOME"] ?? home
        return DataDirectories(environment: variables).store + "/import"
    }

    /// Attune's configuration at `path` as clients must name it, absolute; nil if Attune finds it anyway.
    ///
    /// A client starts `attune connect` in a directory of its own, most often without this environment, so
    /// only the user's own file needs no name.
    func named(_ path: String?) -> String? {
        guard let path else { return nil }
        let absolute = path.hasPrefix("/") ? path : workingDirectory + "/" + path
        let standard = URL(fileURLWithPath: absolute).standardizedFileURL.path
        let own = home + "/.config"
        let isMoved = DataDirectories(environment: xdg).configuration.map { $0 != own } ?? false
        return standard == own + "/attune/attune.toml" && !isMoved ? nil : standard
    }

    private var applicationData: String {
        switch platform {
        case .linux: DataDirectories(environment: ["HOME": home].merging(xdg) { $1 }).configuration ?? home
        case .macOS: home + "/Library/Application Support"
        case .windows: environment["APPDATA"] ?? home + "/AppData/Roaming"
        }
    }

    private var xdg: [String: String] { environment.filter { $0.key == "XDG_CONFIG_HOME" } }

    private func inHome(_ variable: String, otherwise: String) -> String {
        guard let named = environment[variable], named.hasPrefix("/") else { return home + otherwise }
        return named
    }
}
