/// An MCP client whose configuration can be read and pointed at Attune.
package enum ImportClient: String, Sendable, CaseIterable {
    case claudeDesktop = "claude-desktop"
    case claudeCode = "claude-code"
    case visualStudioCode = "vscode"
    case cursor
    case windsurf
    case gemini
    case codex
    /// Whoever reads a given file that none of the others has.
    case other

    /// The clients with files of their own.
    package static let allCases: [ImportClient] = [
        .claudeDesktop, .claudeCode, .visualStudioCode, .cursor, .windsurf, .gemini, .codex,
    ]

    /// The name a person knows it by.
    package var title: String {
        switch self {
        case .claudeDesktop: "Claude Desktop"
        case .claudeCode: "Claude Code"
        case .visualStudioCode: "VS Code"
        case .cursor: "Cursor"
        case .windsurf: "Windsurf"
        case .gemini: "Gemini CLI"
        case .codex: "Codex"
        case .other: "another client"
        }
    }
}
