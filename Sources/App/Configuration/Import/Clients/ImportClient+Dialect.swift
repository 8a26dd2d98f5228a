extension ImportClient {
    /// The forms of reference that the client fills in itself; what it does not fill in is plain text.
    var references: Set<ReferenceForm> {
        switch self {
        case .claudeDesktop, .codex: []
        case .claudeCode: [.braces]
        case .visualStudioCode: [.prefixed, .input, .folders]
        case .cursor: [.prefixed, .folders]
        case .windsurf: [.prefixed]
        case .gemini: [.braces, .bare]
        case .other: [.prefixed, .braces, .input, .folders]
        }
    }

    /// The keys under which the client names the address of a server that speaks Streamable HTTP, and of one
    /// that may speak it.
    var urlKeys: [String] {
        switch self {
        case .windsurf: ["serverUrl", "url"]
        case .gemini: ["httpUrl", "url"]
        case .other: ["url", "serverUrl", "httpUrl"]
        default: ["url"]
        }
    }

    /// The entry that points the client at Attune: keys with their values in JSON, which for these values is
    /// TOML as well.
    /// - Parameter configuration: the file that Attune would not find by itself, absolute.
    func attuneEntry(
        program: String, configuration: String?, gatewayURL: String
    ) -> [(key: String, value: String)] {
        let arguments = ["connect"] + (configuration.map { ["--config", $0] } ?? [])
        let list = arguments.map(JSONText.quoted).joined(separator: ", ")
        let command = [
            (key: "command", value: JSONText.quoted(program)), (key: "args", value: "[\(list)]"),
        ]
        let url = JSONText.quoted(gatewayURL)
        switch self {
        case .claudeDesktop, .codex, .other: return command
        case .claudeCode, .visualStudioCode:
            return [(key: "type", value: "\"http\""), (key: "url", value: url)]
        case .cursor: return [(key: "url", value: url)]
        case .windsurf: return [(key: "serverUrl", value: url)]
        case .gemini: return [(key: "httpUrl", value: url)]
        }
    }

    /// The client whose file this is, by its name and place.
    static func owner(of path: String) -> ImportClient? {
        let parts = path.split(separator: "/").map(String.init)
        let name = parts.last ?? ""
        let folder = parts.dropLast().last ?? ""
        switch (folder, name) {
        case (_, "claude_desktop_config.json"): return .claudeDesktop
        case (_, ".claude.json"), (_, ".mcp.json"): return .claudeCode
        case (".vscode", _), ("User", "mcp.json"), ("User", "settings.json"): return .visualStudioCode
        case (".cursor", _): return .cursor
        case ("windsurf", _): return .windsurf
        case (".gemini", _): return .gemini
        case (".codex", _): return .codex
        default: return nil
        }
    }
}
