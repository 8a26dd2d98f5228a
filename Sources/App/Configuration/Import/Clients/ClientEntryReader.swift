/// Reads one server of a client's configuration; all clients share most of the keys.
struct ClientEntryReader {
    let client: ImportClient
    var translation: ReferenceTranslation
    private(set) var notices: [String] = []

    init(client: ImportClient, home: String, workspace: String) {
        self.client = client
        translation = ReferenceTranslation(references: client.references, home: home, workspace: workspace)
    }

    mutating func read(_ node: JSONCNode) -> ClientEntry {
        var entry = ClientEntry(transport: Self.holdsNul(node) ? Self.nul : transport(node))
        entry.isDisabled = node["disabled"]?.boolean == true || node["enabled"]?.boolean == false
        entry.timeoutMilliseconds = timeout(node)
        entry.allow = patterns(node["includeTools"] ?? node["enabled_tools"])
        entry.deny = patterns(node["excludeTools"] ?? node["disabled_tools"] ?? node["disabledTools"])
        for key in node.members?.map(\.key) ?? [] where !Self.knownKeys.contains(key) {
            notices.append("the key \"\(key)\" has no counterpart in Attune and is left out")
        }
        notices += translation.notices
        return entry
    }

    private static let nul = ClientEntry.Transport.unsupported(
        reason: "its entry holds a NUL character", address: "")

    private static func holdsNul(_ node: JSONCNode) -> Bool {
        switch node.content {
        case .string(let text): text.utf8.contains(0)
        case .array(let elements): elements.contains(where: holdsNul)
        case .object(let members): members.contains { $0.key.utf8.contains(0) || holdsNul($0.value) }
        case .number, .boolean, .null: false
        }
    }

    /// The variables that the entry refers to.
    var variables: [String] { translation.variables }

    /// `sse` and `dev` are read for the report; the others mean the same in Attune or mean nothing to a
    /// gateway.
    private static let knownKeys: Set<String> = [
        "type", "transport", "command", "args", "env", "cwd", "url", "serverUrl", "httpUrl", "headers",
        "http_headers", "env_http_headers", "bearer_token_env_var", "env_vars", "disabled", "enabled",
        "timeout",
        "tool_timeout_sec", "includeTools", "excludeTools", "enabled_tools", "disabled_tools",
        "disabledTools",
        "name", "description", "version", "gallery",
    ]

    private mutating func transport(_ node: JSONCNode) -> ClientEntry.Transport {
        guard node.members != nil else {
            return .unsupported(reason: "its entry is no object", address: "")
        }
        let kind = (node["type"] ?? node["transport"])?.string?.lowercased() ?? ""
        let urlKey = client.urlKeys.first { node[$0]?.string != nil }
        if let command = node["command"]?.string, !command.isEmpty, urlKey == nil || kind == "stdio" {
            return self.command(command, node)
        }
        guard let urlKey, let url = node[urlKey]?.string, !url.isEmpty else {
            return .unsupported(reason: "it has neither a command nor a URL", address: "")
        }
        let isEvents =
            kind == "sse" || (client == .gemini && urlKey == "url" && kind.isEmpty)
            || (kind.isEmpty && Self.path(url).hasSuffix("/sse"))
        if isEvents {
            return .unsupported(
                reason:
                    "it speaks the HTTP+SSE transport of 2024-11-05, which Attune does not speak to servers",
                address: url)
        }
        if kind.hasPrefix("ws") || url.lowercased().hasPrefix("ws") {
            return .unsupported(reason: "it speaks WebSocket, which is no transport of MCP", address: url)
        }
        if !ServerScheme.supported.contains(where: { url.lowercased().hasPrefix($0) }), !url.hasPrefix("$") {
            return .unsupported(reason: ServerScheme.refusal, address: url)
        }
        return .url(translation.translate(url), headers: headers(node))
    }

    private mutating func command(_ command: String, _ node: JSONCNode) -> ClientEntry.Transport {
        let program = translation.translate(command)
        let arguments = (node["args"]?.elements ?? []).compactMap { text($0, "args") }
        var environment = (node["env"]?.members ?? []).compactMap { member -> ClientEntry.Pair? in
            guard !member.key.isEmpty, !member.key.contains("=") else {
                notices.append("\"\(member.key)\" is no name of a variable and is left out")
                return nil
            }
            return text(member.value, "env").map { ClientEntry.Pair(key: member.key, value: $0) }
        }
        // Codex passes on only a few variables; Attune's servers have the whole environment of the gateway.
        for name in (node["env_vars"]?.elements ?? []).compactMap(\.string) where Self.isName(name) {
            if !environment.contains(where: { $0.key == name }) {
                environment.append(ClientEntry.Pair(key: name, value: "${env:\(name):-}"))
            }
        }
        let directory = node["cwd"]?.string.map { translation.translate($0) }
        return .command(
            program: program, arguments: arguments, environment: Self.lastOfEach(environment),
            workingDirectory: directory.flatMap { $0.isEmpty ? nil : $0 })
    }

    private mutating func headers(_ node: JSONCNode) -> [ClientEntry.Pair] {
        var headers = ((node["headers"] ?? node["http_headers"])?.members ?? []).compactMap { member in
            text(member.value, "headers").map { ClientEntry.Pair(key: member.key, value: $0) }
        }
        for member in node["env_http_headers"]?.members ?? [] {
            guard let name = member.value.string, Self.isName(name) else { continue }
            headers.append(ClientEntry.Pair(key: member.key, value: "${env:\(name)}"))
        }
        if let name = node["bearer_token_env_var"]?.string, Self.isName(name) {
            headers.append(ClientEntry.Pair(key: "Authorization", value: "Bearer ${env:\(name)}"))
        }
        return headers.filter { header in
            let isOwn = HeaderField.ownNames.contains(header.key.lowercased())
            if isOwn || !HeaderField.isName(header.key) || !HeaderField.isValue(header.value) {
                notices.append(
                    "the header \"\(header.key)\" is left out: the gateway writes it or it is malformed")
                return false
            }
            return true
        }
    }

    /// A string, or a number or truth value as the client would pass it on.
    private mutating func text(_ node: JSONCNode, _ key: String) -> String? {
        switch node.content {
        case .string(let text): return translation.translate(text)
        case .number(let text): return text
        case .boolean(let value): return String(value)
        case .null: return nil
        case .object, .array:
            notices.append("a value in \"\(key)\" is no string and is left out")
            return nil
        }
    }

    private func timeout(_ node: JSONCNode) -> Int? {
        let milliseconds = node["tool_timeout_sec"]?.number.map { $0 * 1000 } ?? node["timeout"]?.number
        guard let milliseconds, (1...86_400_000).contains(milliseconds) else { return nil }
        return Int(milliseconds)
    }

    /// Tool names as globs that match nothing else.
    private func patterns(_ node: JSONCNode?) -> [String] {
        (node?.elements ?? []).compactMap(\.string).filter { !$0.isEmpty }.map(TextExpansion.escape)
    }

    private static func lastOfEach(_ pairs: [ClientEntry.Pair]) -> [ClientEntry.Pair] {
        pairs.enumerated().filter { index, pair in !pairs[(index + 1)...].contains { $0.key == pair.key } }
            .map(\.element)
    }

    private static func isName(_ name: String) -> Bool { TextExpansion.isVariableName(name) }

    private static func path(_ url: String) -> Substring { url.prefix { $0 != "?" && $0 != "#" } }
}
