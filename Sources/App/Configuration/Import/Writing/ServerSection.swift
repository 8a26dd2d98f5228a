/// Writes one server of a client as a section of Attune's configuration.
struct ServerSection {
    var server: ImportedServer
    var entry: ClientEntry
    var client: ImportClient

    /// Whether it is written at all, in force or as a comment.
    var isWritten: Bool {
        switch server.outcome {
        case .added, .disabled, .unsupported: true
        case .present, .attune: false
        }
    }

    /// With a comment that says where it comes from; ends in a line feed. What is not in force is a comment.
    var text: String {
        var comment =
            "# \(TOMLText.quoted(server.originalName)) of \(client.title), \(TOMLText.quoted(server.file))"
        if let project = server.project { comment += ", project \(TOMLText.quoted(project))" }
        switch server.outcome {
        case .disabled: comment += "\n# It was switched off there; remove the # to switch it on."
        case .unsupported(let reason): comment += "\n# Not in force: \(Self.line(reason))."
        default: break
        }
        let lines = ["[servers.\(server.name)]"] + keys
        let isComment = server.outcome != .added
        return ([comment] + lines.map { isComment ? "# " + $0 : $0 }).joined(separator: "\n") + "\n"
    }

    private var keys: [String] {
        var keys: [String] = []
        switch entry.transport {
        case .command(let program, let arguments, let environment, let directory):
            keys.append("command = \(TOMLText.quoted(program))")
            if !arguments.isEmpty { keys.append("args = \(TOMLText.array(arguments))") }
            if !environment.isEmpty { keys.append("env = \(TOMLText.inlineTable(environment))") }
            if let directory { keys.append("cwd = \(TOMLText.quoted(directory))") }
        case .url(let url, let headers):
            keys.append("url = \(TOMLText.quoted(url))")
            if !headers.isEmpty { keys.append("headers = \(TOMLText.inlineTable(headers))") }
        case .unsupported(_, let address):
            if !address.isEmpty { keys.append("url = \(TOMLText.quoted(address))") }
        }
        if let timeout = entry.timeoutMilliseconds { keys.append("timeout_ms = \(timeout)") }
        if !entry.allow.isEmpty { keys.append("allow = \(TOMLText.array(entry.allow))") }
        if !entry.deny.isEmpty { keys.append("deny = \(TOMLText.array(entry.deny))") }
        return keys
    }

    private static func line(_ text: String) -> String { text.replacing(/[\u{0}-\u{1F}\u{7F}]/, with: " ") }
}
