import Configuration
import Wire

/// What an import found and did, for people and programs.
struct ImportReport {
    /// nil for an undoing.
    var plan: ImportPlan?
    var actions: [ImportAction]

    func text(isDry: Bool) -> String {
        var lines = (plan?.servers ?? []).map { server in
            let name = Style.printable(server.originalName)
            return "\(name): \(Self.words(server.outcome, server.name)) (\(server.file):\(server.line))"
        }
        lines += actions.map(Self.words)
        if isDry { lines.append("nothing was changed (--dry-run)") }
        if lines.isEmpty { lines.append("there was nothing to do") }
        return lines.joined(separator: "\n")
    }

    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("servers")
        json.beginArray()
        for server in plan?.servers ?? [] {
            json.beginObject()
            json.field("name", server.name)
            json.field("original_name", server.originalName)
            json.field("file", server.file)
            json.field("line", server.line)
            json.field("outcome", Self.word(server.outcome))
            if case .unsupported(let reason) = server.outcome { json.field("reason", reason) }
            json.endObject()
        }
        json.endArray()
        json.key("actions")
        json.beginArray()
        for action in actions { Self.write(action, &json) }
        json.endArray()
        json.field("notices", raw: Diagnostic.json(plan?.notices ?? []))
        json.field("toml", plan?.toml ?? "")
        json.endObject()
        return json.bytes
    }

    private static func word(_ outcome: ImportedServer.Outcome) -> String {
        switch outcome {
        case .added: "added"
        case .disabled: "disabled"
        case .present: "present"
        case .attune: "attune"
        case .unsupported: "unsupported"
        }
    }

    private static func words(_ outcome: ImportedServer.Outcome, _ name: String) -> String {
        switch outcome {
        case .added: "added as \(name)"
        case .disabled: "switched off in the client; added as a comment"
        case .present(let name): "already there as \(name)"
        case .attune: "is Attune itself; left out"
        case .unsupported(let reason): "cannot be reached: \(reason)"
        }
    }

    static func words(_ action: ImportAction) -> String {
        switch action {
        case .created(let path, let servers): "wrote \(path) with \(count(servers))"
        case .appended(let path, let servers): "added \(count(servers)) to \(path)"
        case .pointed(let client, let path, let backup):
            "pointed \(client.title) at Attune in \(path); what it was is in \(backup)"
        case .restored(let path): "restored \(path)"
        case .removed(let path): "removed \(path)"
        case .kept(let path, let reason): "left \(path) as it is: \(reason)"
        }
    }

    private static func count(_ servers: Int) -> String {
        "\(servers) \(servers == 1 ? "server" : "servers")"
    }

    private static func write(_ action: ImportAction, _ json: inout JSONWriter) {
        json.beginObject()
        switch action {
        case .created(let path, let servers):
            write("created", path, &json)
            json.field("servers", servers)
        case .appended(let path, let servers):
            write("appended", path, &json)
            json.field("servers", servers)
        case .pointed(let client, let path, let backup):
            write("pointed", path, &json)
            json.field("client", client.rawValue)
            json.field("backup", backup)
        case .restored(let path): write("restored", path, &json)
        case .removed(let path): write("removed", path, &json)
        case .kept(let path, let reason):
            write("kept", path, &json)
            json.field("reason", reason)
        }
        json.endObject()
    }

    private static func write(_ action: String, _ path: String, _ json: inout JSONWriter) {
        json.field("action", action)
        json.field("path", path)
    }
}
