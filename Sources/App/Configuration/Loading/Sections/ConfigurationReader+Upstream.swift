extension ConfigurationReader {
    /// Exactly one of `command`, `url` and `replicas`, with the keys that belong to it.
    func upstream(_ section: inout SectionReader) -> ServerConfiguration.Upstream? {
        let kinds = ["command", "url", "replicas"].filter(section.has)
        guard let kind = kinds.first else {
            collector.error(
                section.place, "[\(section.name)] has neither `command` nor `url`",
                suggestion: "give `command` for a stdio server, `url` for an HTTP server")
            takeAll(&section)
            return nil
        }
        if kinds.count > 1 {
            let list = kinds.map { "`\($0)`" }.joined(separator: " and ")
            collector.error(
                section.place,
                "[\(section.name)] has \(list); one of them is needed"
            )
        }
        let command = section.take("command")
        let url = section.take("url")
        let replicas = section.take("replicas")
        let parts = CommandParts(
            arguments: arguments(&section), environment: variables(&section),
            workingDirectory: section.text("cwd"))
        let headers = headers(&section)
        refuseForeign(kind, section)
        guard kinds.count == 1 else { return nil }
        if let command {
            return section.text(command, section.path("command")).map { .command(parts.command($0)) }
        }
        if let url {
            return self.url(url, section.path("url"), section).map {
                .url(ServerURL(url: $0, headers: headers))
            }
        }
        guard let replicas else { return nil }
        return self.replicas(replicas, section, parts, headers)
    }

    private func takeAll(_ section: inout SectionReader) {
        for key in Self.upstreamKeys { _ = section.take(key) }
    }

    private static let upstreamKeys = ["command", "url", "replicas", "args", "env", "cwd", "headers"]

    /// Keys that would do nothing beside the kind of server that was chosen.
    private func refuseForeign(_ kind: String, _ section: SectionReader) {
        let foreign = kind == "url" ? ["args", "env", "cwd"] : kind == "command" ? ["headers"] : []
        for key in foreign {
            guard let place = section.placeOf(key) else { continue }
            collector.error(
                place, "`\(section.path(key))` has no meaning beside `\(kind)`",
                suggestion: key == "headers"
                    ? "headers go to an HTTP server; give a program its secrets in `env`"
                    : "\(key) belongs to a server with `command`")
        }
        if kind == "url", let place = section.placeOf("sharing") {
            collector.warning(
                place,
                "`\(section.path("sharing"))` has no effect beside `url`: an HTTP server has no process")
        }
    }

    private func arguments(_ section: inout SectionReader) -> [ExpandedText] {
        guard let node = section.take("args") else { return [] }
        return section.texts(node, "args") ?? []
    }

    func variables(_ section: inout SectionReader) -> [String: ExpandedText] {
        guard let node = section.take("env") else { return [:] }
        guard let entries = node.table else {
            return section.refuse(node, "env", "a table of strings") ?? [:]
        }
        var variables: [String: ExpandedText] = [:]
        for entry in entries {
            if entry.key.isEmpty || entry.key.utf8.contains(UInt8(ascii: "=")) {
                collector.error(entry.node.location.key, "\"\(entry.key)\" is no name of a variable")
                continue
            }
            let path = "\(section.path("env")).\(entry.key)"
            variables[entry.key] = section.text(
                entry.node, path, emptyAllowed: true, maySecret: true)
        }
        return variables
    }

    private func replicas(
        _ node: TOMLNode, _ section: SectionReader, _ parts: CommandParts, _ headers: [ServerURL.Header]
    ) -> ServerConfiguration.Upstream? {
        guard case .array(let elements) = node.content, !elements.isEmpty else {
            let wanted = "an array of urls or commands, with at least one"
            collector.error(node.location.value, "`\(section.path("replicas"))` must be \(wanted)")
            return nil
        }
        var replicas: [ServerConfiguration.Replica] = []
        for (index, element) in elements.enumerated() {
            let path = "\(section.path("replicas"))[\(index)]"
            if case .array = element.content {
                guard let words = section.texts(element, "replicas[\(index)]"), let program = words.first,
                    !program.value.isEmpty
                else { continue }
                var command = parts.command(program)
                command.arguments = Array(words.dropFirst())
                replicas.append(.command(command))
            } else if case .string(let written) = element.content, written.contains("://") {
                guard let url = url(element, path, section) else { continue }
                replicas.append(.url(ServerURL(url: url, headers: headers)))
            } else if let program = section.text(element, path) {
                replicas.append(.command(parts.command(program)))
            }
        }
        return replicas.count == elements.count ? .replicas(replicas) : nil
    }
}

/// The keys of a server that belong to its command.
struct CommandParts {
    var arguments: [ExpandedText]
    var environment: [String: ExpandedText]
    var workingDirectory: ExpandedText?

    func command(_ program: ExpandedText) -> ServerCommand {
        ServerCommand(
            program: program, arguments: arguments, environment: environment,
            workingDirectory: workingDirectory)
    }
}
