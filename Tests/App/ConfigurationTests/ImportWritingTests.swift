import Foundation
import Testing

@testable import Configuration

@Suite("Writing an import and pointing clients at Attune")
struct ImportWritingTests {
    @Test("the servers are appended to Attune's file and the rest of it stays")
    func appended() throws {
        let world = try ImportWorld()
        let before = "# mine\n[core]\nthreads = 2 # two"
        try world.scratch.write("attune.toml", before)
        try world.scratch.write("project/.mcp.json", #"{"mcpServers":{"a":{"command":"a"}}}"#)
        let actions = try world.plan().apply(configurationPath: world.configuration, pointClients: false)
        #expect(actions == [.appended(path: world.configuration, servers: 1)])
        let text = try world.scratch.text(world.configuration)
        #expect(text.hasPrefix(before + "\n\n# \"a\" of Claude Code"))
        let loaded = try GatewayConfiguration.load(path: world.configuration, environment: [:]).configuration
        #expect(loaded.core.threads == 2)
        #expect(loaded.servers.map(\.name) == ["a"])
    }

    @Test("a second import adds nothing, even after a secret was moved to a variable and a name was changed")
    func idempotent() throws {
        let world = try ImportWorld()
        try world.scratch.write(
            "project/.mcp.json",
            #"""
            {"mcpServers":{"a":{"command":"a","env":{"T":"1"}},"off":{"command":"b","disabled":true},
                           "s":{"type":"sse","url":"http://x"}}}
            """#
        )
        _ = try world.plan().apply(configurationPath: world.configuration, pointClients: false)
        let text = try world.scratch.text(world.configuration)
            .replacing("[servers.a]", with: "[servers.renamed]").replacing(
                "T = \"1\"", with: "T = \"${env:T}\"")
        try world.scratch.write("attune.toml", text)
        let plan = try world.plan()
        #expect(plan.toml.isEmpty)
        #expect(plan.servers.first?.outcome == .present(name: "renamed"))
        let actions = try plan.apply(configurationPath: world.configuration, pointClients: false)
        #expect(actions == [.kept(path: world.configuration, reason: "there is nothing to add")])
        #expect(try world.scratch.text(world.configuration) == text)
    }

    @Test("a server of another account with the same command is another server")
    func accounts() throws {
        let world = try ImportWorld()
        try world.scratch.write("attune.toml", "[servers.gh]\ncommand = 'gh'\nenv = { T = '1' }\n")
        try world.scratch.write(
            "project/.mcp.json",
            #"{"mcpServers":{"gh":{"command":"gh","env":{"T":"2"}},"x":{"command":"gh","env":{"T":"1"}}}}"#)
        let plan = try world.plan()
        #expect(plan.servers.map(\.outcome) == [.added, .present(name: "gh")])
        #expect(plan.servers.first?.name == "gh-2")
    }

    @Test("a new file is the user's alone, and a file with Windows line breaks keeps them")
    func created() throws {
        let world = try ImportWorld()
        try world.scratch.write("project/.mcp.json", #"{"mcpServers":{"a":{"command":"a"}}}"#)
        let target = world.home + "/deep/er/attune.toml"
        let made = try ImportPlan.make(
            sources: [.everything], places: world.places, configurationPath: target
        )
        .apply(configurationPath: target, pointClients: false)
        #expect(made == [.created(path: target, servers: 1)])
        #expect(try world.mode(target) == 0o600)
        try world.scratch.write("attune.toml", "[core]\r\nthreads = 2\r\n")
        _ = try world.plan().apply(configurationPath: world.configuration, pointClients: false)
        let text = try world.scratch.text(world.configuration)
        #expect(text.replacing("\r\n", with: "").contains("\n") == false)
        #expect(try load(text).configuration.servers.count == 1)
    }

    @Test("Attune's own file with a syntax error is not touched")
    func brokenConfiguration() throws {
        let world = try ImportWorld()
        try world.scratch.write("attune.toml", "[core\n")
        try world.scratch.write("project/.mcp.json", #"{"mcpServers":{"a":{"command":"a"}}}"#)
        #expect(
            performing: { try world.plan() },
            throws: {
                if case ImportFailure.configuration(let found) = $0 { found.first?.line == 1 } else { false }
            })
        try world.scratch.write("attune.toml", "servers = { b = { command = 'b' } }\n")
        let plan = try world.plan()
        #expect(throws: ImportFailure.self) {
            try plan.apply(configurationPath: world.configuration, pointClients: true)
        }
        #expect(try world.scratch.text(world.configuration) == "servers = { b = { command = 'b' } }\n")
    }

    @Test(
        "a client is pointed at Attune and only its servers change; undo restores every byte",
        arguments: ClientEditCase.all)
    func edit(_ edit: ClientEditCase) throws {
        var world = try ImportWorld()
        world.place = ".config/attune/attune.toml"
        let path = try world.scratch.write(edit.file, edit.before)
        try world.setMode(0o640, path)
        let before = try world.snapshot()
        let plan = try world.plan()
        #expect(plan.clientFiles == [path])
        let actions = try plan.apply(configurationPath: world.configuration, pointClients: true)
        #expect(try world.scratch.text(path) == edit.after)
        #expect(try world.mode(path) == 0o640)
        guard case .pointed(_, path, let backup)? = actions.last else {
            Issue.record("\(actions)")
            return
        }
        #expect(try world.scratch.text(backup) == edit.before)
        #expect(try world.mode(backup) == 0o640)
        let again = try world.plan()
        #expect(again.toml.isEmpty)
        #expect(again.clientFiles.isEmpty)
        #expect(try world.undo() == [.removed(path: world.configuration), .restored(path: path)])
        #expect(try world.snapshot() == before)
        #expect(try world.mode(path) == 0o640)
        #expect(
            performing: { try world.undo() },
            throws: {
                if case ImportFailure.noJournal = $0 { true } else { false }
            })
    }

    @Test(
        "a client that starts attune connect is told the configuration, unless Attune finds it anyway",
        arguments: [
            ("HOME/.config/attune/attune.toml", nil, nil), ("HOME/.config/x/../attune/attune.toml", nil, nil),
            ("HOME/attune.toml", nil, "HOME/attune.toml"), ("attune.toml", nil, "HOME/project/attune.toml"),
            ("../a \"b\".toml", nil, "HOME/a \"b\".toml"),
            ("HOME/.config/attune/attune.toml", "HOME/xdg", "HOME/.config/attune/attune.toml"),
            ("HOME/xdg/attune/attune.toml", "HOME/xdg", "HOME/xdg/attune/attune.toml"),
        ])
    func namedConfiguration(_ path: String, _ moved: String?, _ named: String?) throws {
        var world = try ImportWorld()
        let home = world.home
        let full = { (text: String) in text.replacing("HOME", with: home) }
        world.environment["XDG_CONFIG_HOME"] = moved.map(full)
        let desktop = "\(moved.map(full) ?? home + "/.config")/Claude/claude_desktop_config.json"
        try world.scratch.write(
            String(desktop.dropFirst(home.count + 1)), #"{"mcpServers":{"a":{"command":"a"}}}"#)
        try world.scratch.write(".codex/config.toml", "[mcp_servers.b]\ncommand = 'b'\n")
        let plan = try ImportPlan.make(
            sources: [.everything], places: world.places, configurationPath: full(path), program: "/p/attune")
        let expected = ["connect"] + (named.map { ["--config", full($0)] } ?? [])
        var told: [[String]] = []
        for edit in plan.edits {
            guard case .replaced(let bytes) = edit.outcome else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            let list = text.firstMatch(of: /args"? ?[:=] ?(\[.*\])/).map { Data($0.1.utf8) } ?? Data()
            told.append(try JSONDecoder().decode([String].self, from: list))
        }
        #expect(told == [expected, expected])
        #expect(plan.clientFiles.count == 2)
    }

    @Test("servers of Codex in another form are left to a person")
    func codexInline() throws {
        let world = try ImportWorld()
        let text = "mcp_servers = { a = { command = 'a' } }\n"
        let path = try world.scratch.write(".codex/config.toml", text)
        let actions = try world.plan().apply(configurationPath: world.configuration, pointClients: true)
        #expect(actions.count == 2)
        guard case .kept(path, let reason)? = actions.last else {
            Issue.record("\(actions)")
            return
        }
        #expect(reason.contains("by hand"))
        #expect(try world.scratch.text(path) == text)
    }

    @Test("a symbolic link stays a link and its target is edited")
    func link() throws {
        let world = try ImportWorld()
        let real = try world.scratch.write("dotfiles/mcp.json", #"{"mcpServers":{"a":{"command":"a"}}}"#)
        let link = world.home + "/.cursor/mcp.json"
        try FileManager.default.createDirectory(
            atPath: world.home + "/.cursor", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../dotfiles/mcp.json")
        _ = try world.plan().apply(configurationPath: world.configuration, pointClients: true)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../dotfiles/mcp.json")
        #expect(try world.scratch.text(real).contains("attune"))
        _ = try world.undo()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../dotfiles/mcp.json")
        #expect(try world.scratch.text(real) == #"{"mcpServers":{"a":{"command":"a"}}}"#)
    }

    @Test("when one file cannot be written nothing is changed, and the error names it")
    func unwritable() throws {
        let world = try ImportWorld()
        try world.scratch.write("project/.mcp.json", #"{"mcpServers":{"a":{"command":"a"}}}"#)
        let locked = try world.scratch.write(".cursor/mcp.json", #"{"mcpServers":{"b":{"command":"b"}}}"#)
        try world.setMode(0o444, locked)
        let before = try world.snapshot()
        let plan = try world.plan()
        #expect(throws: ImportFailure.unwritable(path: locked, errno: EACCES)) {
            try plan.apply(configurationPath: world.configuration, pointClients: true)
        }
        #expect(
            ImportFailure.unwritable(path: "/x", errno: EACCES).description
                == "/x cannot be written: Permission denied; nothing was changed")
        #expect(try world.snapshot() == before)
    }

    @Test("when the journal cannot be kept nothing is changed")
    func noJournal() throws {
        var world = try ImportWorld()
        try world.scratch.write("project/.mcp.json", #"{"mcpServers":{"a":{"command":"a"}}}"#)
        world.environment["XDG_DATA_HOME"] = try world.scratch.write("file", "")
        let before = try world.snapshot()
        let plan = try world.plan()
        #expect(throws: ImportFailure.self) {
            try plan.apply(configurationPath: world.configuration, pointClients: true)
        }
        #expect(try world.snapshot() == before)
    }

    @Test("a file that changed between reading and writing is not overwritten")
    func raced() throws {
        let world = try ImportWorld()
        let path = try world.scratch.write("project/.mcp.json", #"{"mcpServers":{"a":{"command":"a"}}}"#)
        let plan = try world.plan()
        try world.scratch.write("project/.mcp.json", "{}")
        #expect(throws: ImportFailure.changedMeanwhile(path: path)) {
            try plan.apply(configurationPath: world.configuration, pointClients: true)
        }
        #expect(!FileManager.default.fileExists(atPath: world.configuration))
        #expect(try world.scratch.text(path) == "{}")
    }

    @Test("undo refuses a client's file that was changed since, unless forced; Attune's own then stays")
    func changedSince() throws {
        let world = try ImportWorld()
        let before = #"{"mcpServers":{"a":{"command":"a"}}}"#
        let path = try world.scratch.write("project/.mcp.json", before)
        _ = try world.plan().apply(configurationPath: world.configuration, pointClients: true)
        try world.scratch.write("project/.mcp.json", "{ \"other\": 1 }")
        #expect(throws: ImportFailure.changedSince(path: path)) { try world.undo() }
        #expect(FileManager.default.fileExists(atPath: world.configuration))
        #expect(try world.undo(force: true) == [.removed(path: world.configuration), .restored(path: path)])
        #expect(try world.scratch.text(path) == before)

        _ = try world.plan().apply(configurationPath: world.configuration, pointClients: true)
        let edited = try world.scratch.text(world.configuration) + "[core]\nthreads = 1\n"
        try world.scratch.write("attune.toml", edited)
        let actions = try world.undo()
        #expect(
            actions == [
                .kept(path: world.configuration, reason: "it was changed after the import"),
                .restored(path: path),
            ])
        #expect(try world.scratch.text(world.configuration) == edited)
        #expect(try world.scratch.text(path) == before)
    }

    @Test("imports are undone one by one, the last first; a damaged journal is refused")
    func stack() throws {
        let world = try ImportWorld()
        try world.scratch.write("project/.mcp.json", #"{"mcpServers":{"a":{"command":"a"}}}"#)
        let first = try world.snapshot()
        _ = try world.plan().apply(configurationPath: world.configuration, pointClients: true)
        let between = try world.snapshot()
        try world.scratch.write(".cursor/mcp.json", #"{"mcpServers":{"b":{"command":"b"}}}"#)
        _ = try world.plan().apply(configurationPath: world.configuration, pointClients: true)
        _ = try world.undo()
        try FileManager.default.removeItem(atPath: world.home + "/.cursor/mcp.json")
        #expect(try world.snapshot() == between)
        let journal = world.places.journalDirectory + "/000001/journal.json"
        let sound = try Data(contentsOf: URL(fileURLWithPath: journal))
        try Data("{".utf8).write(to: URL(fileURLWithPath: journal))
        #expect(throws: ImportFailure.damagedJournal(path: journal)) { try world.undo() }
        try sound.write(to: URL(fileURLWithPath: journal))
        _ = try world.undo()
        #expect(try world.snapshot() == first)
    }

    @Test(
        "random documents: only the servers change, and undo restores every byte", arguments: [41 as UInt64])
    func property(_ seed: UInt64) throws {
        print("seed \(seed)")
        var writer = RandomJSONC(seed: seed)
        let world = try ImportWorld()
        for round in 0..<60 {
            let head =
                "{" + writer.blank() + "\"a\":" + writer.value(depth: 1).commented + writer.blank() + ","
                + writer.blank() + "\"mcpServers\"" + writer.blank() + ":" + writer.blank()
            let block =
                "{" + writer.blank() + "\"s\":" + writer.blank() + "{\"command\":\"c\(round)\"}"
                + writer.blank() + "}"
            let tail =
                writer.blank() + ",\"z\":" + writer.value(depth: 1).commented + writer.blank() + "}"
                + writer.blank()
            let path = try world.scratch.write(".cursor/mcp.json", head + block + tail)
            _ = try world.plan().apply(configurationPath: world.configuration, pointClients: true)
            let edited = try world.scratch.text(path)
            #expect(edited.utf8.starts(with: head.utf8), "\(head + block + tail)")
            #expect(edited.utf8.reversed().starts(with: tail.utf8.reversed()), "\(head + block + tail)")
            let servers = try JSONCParser.parse(Array(edited.utf8))["mcpServers"]
            #expect(servers?.members?.map(\.key) == ["attune"])
            #expect(servers?["attune"]?["url"]?.string == "http://127.0.0.1:7420/mcp")
            _ = try world.undo()
            #expect(try world.scratch.text(path) == head + block + tail)
        }
    }
}
