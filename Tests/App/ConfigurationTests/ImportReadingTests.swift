import Foundation
import TestSupport
import Testing

@testable import Configuration

@Suite("Importing the servers of other clients")
struct ImportReadingTests {
    @Test("Claude Desktop: commands are taken as they are, and dollars stand for themselves")
    func claudeDesktop() throws {
        let servers = try ImportWorld().servers(
            ".config/Claude/claude_desktop_config.json",
            #"""
            {
              "mcpServers": {
                "filesystem": {
                  "command": "npx", "args": ["-y", "@x/fs", "${HOME}/a b", "$5"], "env": { "A": "1" } }
              }
            }
            """#)
        #expect(servers.map(\.name) == ["filesystem"])
        #expect(servers[0].command?.program.value == "npx")
        #expect(servers[0].command?.arguments.map(\.value) == ["-y", "@x/fs", "${HOME}/a b", "$5"])
        #expect(servers[0].command?.environment["A"]?.value == "1")
    }

    @Test("Claude Code: the user's servers and those of every project, with ${VAR} and its default")
    func claudeCode() throws {
        let world = try ImportWorld()
        try world.scratch.write(
            ".claude.json",
            #"""
            { "numStartups": 3,
              "mcpServers": { "time": { "type": "stdio", "command": "uvx", "args": ["mcp-server-time"] } },
              "projects": {
                "/src/one": { "mcpServers": { "git": { "command": "uvx", "args": ["${REPO:-/src/one}"] } } },
                "/src/two": { "mcpServers": {}, "history": ["mcpServers"] },
                "/src/three": { "mcpServers": { "git": { "command": "uvx", "args": ["/src/three"] } } }
              } }
            """#)
        try world.scratch.write(
            "project/.mcp.json",
            #"""
            { "mcpServers": { "api": { "type": "http", "url": "http://127.0.0.1:9/mcp",
              "headers": { "Authorization": "Bearer ${TOKEN}" } } } }
            """#
        )
        let plan = try world.plan()
        let servers = try load(plan.toml, environment: ["TOKEN": "t"]).configuration.servers
        #expect(servers.map(\.name) == ["time", "git", "git-2", "api"])
        #expect(servers[1].command?.arguments.last?.value == "/src/one")
        #expect(servers[3].url?.headers.first?.value.value == "Bearer t")
        #expect(plan.servers.map(\.project) == [nil, "/src/one", "/src/three", nil])
        #expect(plan.servers.map(\.line) == [2, 4, 6, 1])
        #expect(plan.notices.contains { $0.message == "\"git\" is named git-2 in Attune" && $0.line == 6 })
        #expect(plan.notices.contains { $0.message.contains("TOKEN is needed and is not set") })
    }

    @Test("VS Code: servers, settings, inputs, folders and variables")
    func visualStudioCode() throws {
        let world = try ImportWorld()
        try world.scratch.write(
            "project/.vscode/mcp.json",
            #"""
            {
              // inputs are asked for
              "inputs": [{ "type": "promptString", "id": "api-key", "password": true }],
              "servers": {
                "My Server!": { "type": "stdio", "command": "${workspaceFolder}/run", "cwd": "${userHome}",
                  "env": { "KEY": "${input:api-key}", "PATH": "${env:PATH}", }, "envFile": "x", },
                "web": { "type": "http", "url": "http://127.0.0.1:1/mcp" },
              },
            }
            """#)
        try world.scratch.write(
            ".config/Code/User/settings.json",
            #"{ "editor.fontSize": 12, "mcp": { "servers": { "old": { "command": "old" } } } }"#)
        try world.scratch.write(
            "project/.vscode/settings.json", #"{ "mcp.servers": { "flat": { "command": "flat" } } }"#)
        let plan = try world.plan()
        let servers = try load(plan.toml, environment: ["API_KEY": "k", "PATH": "/bin"]).configuration.servers
        #expect(servers.map(\.name) == ["old", "my-server", "web", "flat"])
        #expect(servers[1].command?.program.value == world.project + "/run")
        #expect(servers[1].command?.workingDirectory?.value == world.home)
        #expect(servers[1].command?.environment["KEY"]?.written == "${env:API_KEY}")
        let messages = plan.notices.map(\.message)
        #expect(messages.contains { $0.contains("reads the environment variable API_KEY instead") })
        #expect(messages.contains { $0.contains("\"envFile\" has no counterpart") })
        #expect(messages.contains("\"My Server!\" is named my-server in Attune"))
    }

    @Test("Cursor and Windsurf: their references and their key for an address")
    func cursorAndWindsurf() throws {
        let world = try ImportWorld()
        try world.scratch.write(
            ".cursor/mcp.json",
            #"""
            { "mcpServers": { "c": { "command": "c", "args": ["${env:A}${/}${workspaceFolderBasename}"] } } }
            """#
        )
        try world.scratch.write(
            ".codeium/windsurf/mcp_config.json",
            #"""
            { "mcpServers": {
              "w": { "serverUrl": "http://127.0.0.1:2/mcp", "headers": { "X": "${env:B}" },
                     "disabledTools": ["t"] },
              "off": { "command": "off", "disabled": true } } }
            """#)
        let plan = try world.plan()
        let servers = try load(plan.toml, environment: ["A": "a", "B": "b"]).configuration.servers
        #expect(servers.map(\.name) == ["c", "w"])
        #expect(servers[0].command?.arguments.first?.value == "a/project")
        #expect(servers[1].url?.headers.first?.value.value == "b")
        #expect(servers[1].deny == ["t"])
        #expect(plan.servers.map(\.outcome) == [.added, .added, .disabled])
        #expect(plan.toml.contains("# [servers.off]\n# command = \"off\"\n"))
    }

    @Test("Gemini CLI: httpUrl is taken, url is SSE and reported, $NAME is a reference")
    func gemini() throws {
        let world = try ImportWorld()
        try world.scratch.write(
            ".gemini/settings.json",
            #"""
            { "theme": "x", "mcpServers": {
              "http": { "httpUrl": "http://127.0.0.1:3/mcp", "timeout": 5000,
                        "includeTools": ["a"], "excludeTools": ["b"] },
              "sse": { "url": "http://127.0.0.1:3/sse" },
              "run": { "command": "run", "args": ["$ONE", "${TWO}", "a$"], "env": { "KEY": "$ONE/x" } } } }
            """#)
        let plan = try world.plan()
        let servers = try load(plan.toml, environment: ["ONE": "1", "TWO": "2"]).configuration.servers
        #expect(servers.map(\.name) == ["http", "run"])
        #expect(servers[0].timeout == .seconds(5))
        #expect(servers[0].allow == ["a"] && servers[0].deny == ["b"])
        #expect(servers[1].command?.arguments.map(\.value) == ["1", "2", "a$"])
        #expect(servers[1].command?.environment["KEY"]?.value == "1/x")
        guard case .unsupported(let reason) = plan.servers[1].outcome else {
            Issue.record("sse was not reported")
            return
        }
        #expect(reason.contains("HTTP+SSE"))
        #expect(
            plan.notices.contains {
                $0.message.hasPrefix("\"sse\" is not imported") && $0.line == 4 && $0.column == 3
            })
        #expect(plan.toml.contains("# [servers.sse]\n# url = \"http://127.0.0.1:3/sse\""))
    }

    @Test("Codex: tables, timeouts, tool lists and tokens from the environment")
    func codex() throws {
        let world = try ImportWorld()
        try world.scratch.write(
            ".codex/config.toml",
            """
            model = "x"
            [mcp_servers.docs]
            command = "npx"
            args = ["-y", "docs", "${NOT_EXPANDED}"]
            env = { A = "1" }
            env_vars = ["LANG"]
            startup_timeout_sec = 20
            tool_timeout_sec = 1.5
            enabled_tools = ["search"]
            [mcp_servers.docs.tools]
            x = 1
            [mcp_servers.web]
            url = "http://127.0.0.1:4/mcp"
            bearer_token_env_var = "WEB_TOKEN"
            http_headers = { X = "y" }
            enabled = true
            [mcp_servers.off]
            command = "off"
            enabled = false
            """)
        let plan = try world.plan()
        let servers = try load(plan.toml, environment: ["WEB_TOKEN": "w"]).configuration.servers
        #expect(servers.map(\.name) == ["docs", "web"])
        #expect(servers[0].command?.arguments.last?.value == "${NOT_EXPANDED}")
        #expect(servers[0].command?.environment["LANG"]?.value.isEmpty == true)
        #expect(servers[0].timeout == .milliseconds(1500))
        #expect(servers[0].allow == ["search"])
        #expect(servers[1].url?.headers.map(\.name) == ["X", "Authorization"])
        #expect(servers[1].url?.headers.last?.value.value == "Bearer w")
        #expect(plan.servers.last?.outcome == .disabled)
    }

    @Test("a given file is read by its content; one without servers is refused")
    func givenFile() throws {
        let world = try ImportWorld()
        let any = try world.scratch.write(
            "any.json", #"{"mcpServers":{"a":{"command":"${X}/a","args":["${env:Y}"]}}}"#)
        let servers = try load(world.plan(.file(any)).toml, environment: ["X": "x", "Y": "y"]).configuration
            .servers
        #expect(servers.first?.command?.program.value == "x/a")
        #expect(servers.first?.command?.arguments.first?.value == "y")
        let code = try world.scratch.write("code.json", #"{"servers":{"b":{"command":"b"}}}"#)
        #expect(try load(world.plan(.file(code)).toml).configuration.servers.map(\.name) == ["b"])
        let toml = try world.scratch.write("c.toml", "[mcp_servers.c]\ncommand = 'c'\n")
        #expect(try load(world.plan(.file(toml)).toml).configuration.servers.map(\.name) == ["c"])
        let none = try world.scratch.write("none.json", #"{"a": 1}"#)
        #expect(throws: ImportFailure.unknownFormat(path: none)) { try world.plan(.file(none)) }
    }

    @Test("a fault in a named file stops the import at its line; in one of many it is a notice")
    func malformed() throws {
        let world = try ImportWorld()
        let broken = try world.scratch.write(
            ".cursor/mcp.json",
            "{\n  \"mcpServers\": {\n    \"a\": { \"env\": { \"T\": \"secret\" }, \"b\" }\n}}")
        try world.scratch.write("project/.mcp.json", #"{"mcpServers":{"a":{"command":"a"}}}"#)
        do {
            _ = try world.plan(.file(broken))
            Issue.record("was read")
        } catch ImportFailure.malformed(let diagnostic) {
            #expect(diagnostic.line == 3)
            #expect(diagnostic.column == 42)
            #expect(!diagnostic.rendered(colored: false).contains("secret"))
        }
        let plan = try world.plan()
        #expect(plan.servers.map(\.name) == ["a"])
        #expect(plan.notices.first?.severity == .error)
        #expect(plan.notices.first?.file == broken)
        #expect(
            performing: { try world.plan(.client(.gemini)) },
            throws: {
                if case ImportFailure.nothingFound(let places) = $0 { places.count == 2 } else { false }
            })
    }

    @Test("a secret in plain text is named, kept, and not repeated")
    func secrets() throws {
        let world = try ImportWorld()
        try world.scratch.write(
            "project/.mcp.json",
            #"""
            {
             "mcpServers": { "a": { "command": "a",
              "env": { "API_TOKEN": "hunter22", "LEVEL": "debug" } } } }
            """#
        )
        let plan = try world.plan()
        let notice = try #require(plan.notices.first)
        #expect(plan.notices.count == 1)
        #expect(notice.line == 3 && notice.column == 12)
        #expect(notice.suggestion?.contains("${env:API_TOKEN}") == true)
        #expect(!notice.rendered(colored: false).contains("hunter22"))
        #expect(plan.toml.contains("hunter22"))
    }

    @Test("An https address and its headers are taken as they are")
    func encrypted() throws {
        let world = try ImportWorld()
        try world.scratch.write(
            "project/.mcp.json",
            #"{"mcpServers":{"a":{"type":"http","url":"https://example.com/mcp","headers":{"X-A":"b"}}}}"#)
        let servers = try load(try world.plan().toml).configuration.servers
        #expect(servers.map(\.url?.url.value) == ["https://example.com/mcp"])
        #expect(servers.first?.url?.headers.map(\.name) == ["X-A"])
    }

    @Test("Entries that cannot be used are reported and never dropped silently")
    func unsupported() throws {
        let world = try ImportWorld()
        try world.scratch.write(
            "project/.mcp.json",
            #"""
            {"mcpServers":{"a":{"type":"http","url":"ftp://example.com/mcp"},"b":{},"c":7,
                           "d":{"type":"ws","url":"ws://x"},"e":{"command":"e\u0000"}}}
            """#
        )
        let plan = try world.plan()
        #expect(plan.servers.count == 5)
        for server in plan.servers {
            guard case .unsupported = server.outcome else {
                Issue.record("\(server.originalName) is \(server.outcome)")
                continue
            }
        }
        #expect(plan.notices.count == 5)
        #expect(try load(plan.toml).configuration.servers.isEmpty)
        #expect(plan.toml.contains("# url = \"ftp://example.com/mcp\""))
    }

    @Test("names become ones that fit and differ; hostile names break nothing")
    func names() throws {
        let servers = try ImportWorld().servers(
            "project/.mcp.json",
            #"""
            {"mcpServers":{
              "Git Hub":{"command":"1"},"git_hub":{"command":"2"},"":{"command":"3"},
              "a\n]\nx = 1 #":{"command":"4"},"éé":{"command":"5"},
              "averyveryverylongnameindeed":{"command":"6"},"averyveryverylongnameindeed2":{"command":"7"}}}
            """#
        )
        #expect(
            servers.map(\.name) == [
                "git-hub", "git-hub-2", "server", "a-x-1", "server-2", "averyveryverylongnameind",
                "averyveryverylongnamei-2",
            ])
    }

    @Test("every text that a client can hold comes through unchanged", arguments: [5 as UInt64])
    func property(_ seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let world = try ImportWorld()
        let pieces = [
            "$", "{", "}", "env:", "A", "\"", "\\", "'", "\n", "\t", "#", "é", "😀", "\u{1}", " ", "=", "]",
            "${", "$$",
        ]
        for _ in 0..<200 {
            let texts = (0..<3).map { _ in
                (0..<Int.random(in: 1...8, using: &random)).map { _ in
                    pieces.randomElement(using: &random) ?? ""
                }.joined()
            }
            let quoted = texts.map(JSONText.quoted)
            let servers = try world.servers(
                ".config/Claude/claude_desktop_config.json",
                #"{"mcpServers":{"a":{"command":\#(quoted[0]),"args":[\#(quoted[1])],"#
                    + #""env":{"E":\#(quoted[2])}}}}"#
            )
            let command = try #require(servers.first?.command)
            #expect(
                [command.program.value, command.arguments[0].value, command.environment["E"]?.value] == texts)
        }
    }
}
