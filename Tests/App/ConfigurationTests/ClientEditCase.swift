import Testing

/// A client's file before and after it is pointed at Attune.
struct ClientEditCase: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String
    var before: String
    var after: String
    var testDescription: String { name }

    static let all = [claudeDesktop, windows, oneLine, unreachable, projects, inputs, codex]

    private static let claudeDesktop = ClientEditCase(
        name: "comments around the servers stay, in the indentation of the file",
        file: ".config/Claude/claude_desktop_config.json",
        before: """
            // top
            {
                "theme": "dark", // why
                "mcpServers": {
                    "a": { "command": "a" }, // gone
                    "b": {
                        "command": "b"
                    }
                }, /* after */
                "x": [1,
            2]
            }
            """,
        after: """
            // top
            {
                "theme": "dark", // why
                "mcpServers": {
                    "attune": {
                        "command": "attune",
                        "args": ["connect"]
                    }
                }, /* after */
                "x": [1,
            2]
            }
            """)

    private static let windows = ClientEditCase(
        name: "tabs, Windows line breaks and a byte-order mark",
        file: ".cursor/mcp.json",
        before: "\u{FEFF}{\r\n\t\"mcpServers\": {\r\n\t\t\"a\": {\"command\": \"a\"},\r\n\t},\r\n}\r\n",
        after: "\u{FEFF}{\r\n\t\"mcpServers\": {\r\n\t\t\"attune\": {\r\n"
            + "\t\t\t\"url\": \"http://127.0.0.1:7420/mcp\"\r\n\t\t}\r\n\t},\r\n}\r\n")

    private static let oneLine = ClientEditCase(
        name: "one line stays one line",
        file: ".codeium/windsurf/mcp_config.json",
        before: #"{"mcpServers":{"a":{"command":"a"}},"z":1}"#,
        after: #"{"mcpServers":{ "attune": { "serverUrl": "http://127.0.0.1:7420/mcp" } },"z":1}"#)

    private static let unreachable = ClientEditCase(
        name: "what Attune cannot reach stays with the client",
        file: ".gemini/settings.json",
        before: """
            {
              "mcpServers": {
                "sse": { "url": "http://h/sse" /* keep */ },
                "a": { "command": "a" }
              }
            }

            """,
        after: """
            {
              "mcpServers": {
                "sse": { "url": "http://h/sse" /* keep */ },
                "attune": {
                  "httpUrl": "http://127.0.0.1:7420/mcp"
                }
              }
            }

            """)

    private static let projects = ClientEditCase(
        name: "every project of Claude Code that has servers",
        file: ".claude.json",
        before: """
            {
              "projects": {
                "/a": {
                  "mcpServers": {
                    "x": { "command": "x" }
                  },
                  "n": 12345678901234567890.10
                },
                "/b": { "mcpServers": {} }
              },
              "mcpServers": { "y": { "command": "y" } }
            }
            """,
        after: """
            {
              "projects": {
                "/a": {
                  "mcpServers": {
                    "attune": {
                      "type": "http",
                      "url": "http://127.0.0.1:7420/mcp"
                    }
                  },
                  "n": 12345678901234567890.10
                },
                "/b": { "mcpServers": {} }
              },
              "mcpServers": { "attune": { "type": "http", "url": "http://127.0.0.1:7420/mcp" } }
            }
            """)

    private static let inputs = ClientEditCase(
        name: "VS Code keeps its inputs",
        file: "project/.vscode/mcp.json",
        before: """
            {
              "inputs": [ {"id": "k"} ], // asked
              "servers": {
                "a": { "command": "a" }
              }
            }
            """,
        after: """
            {
              "inputs": [ {"id": "k"} ], // asked
              "servers": {
                "attune": {
                  "type": "http",
                  "url": "http://127.0.0.1:7420/mcp"
                }
              }
            }
            """)

    private static let codex = ClientEditCase(
        name: "Codex loses only the tables of the servers",
        file: ".codex/config.toml",
        before: #"""
            model = "o" # m

            # servers
            [mcp_servers.a]
            command = "a"
            [mcp_servers.a.env]
            X = """
            [no]
            """

            [profiles.p] # p
            x = 1

            [mcp_servers.b]
            command = "b" # last
            """#,
        after: """
            model = "o" # m

            # servers
            [mcp_servers.attune]
            command = "attune"
            args = ["connect"]

            [profiles.p] # p
            x = 1


            """)
}
