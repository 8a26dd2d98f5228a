extension ConfigurationReader {
    mutating func readServers(_ entry: TOMLEntry) {
        for table in named(entry) where checkName(table, of: "server") {
            if let server = server(table) { configuration.servers.append(server) }
        }
    }

    private func server(_ entry: TOMLEntry) -> ServerConfiguration? {
        var section = SectionReader(
            entry, name: "servers.\(entry.key)", pattern: "servers.*", collector: collector)
        let upstream = upstream(&section)
        var server = ServerConfiguration(
            name: entry.key, upstream: upstream ?? .replicas([]))
        server.timeout = section.milliseconds("timeout_ms", in: 1...86_400_000)
        if let most = section.integer("max_concurrency", in: 1...100_000) { server.maxConcurrency = most }
        if let most = section.integer("queue", in: 0...1_000_000) { server.queueCapacity = most }
        if let trust: ServerConfiguration.Trust = section.choice("trust") { server.trust = trust }
        if let sharing: ServerConfiguration.Sharing = section.choice("sharing") { server.sharing = sharing }
        if let prewarm = section.boolean("prewarm") { server.prewarm = prewarm }
        if let globs = section.texts("allow") { server.allow = globs.map(\.value) }
        if let globs = section.texts("deny") { server.deny = globs.map(\.value) }
        server.rename = renames(&section)
        server.principals = credentials(
            &section, isCommand: section.has("command"), isURL: section.has("url"))
        section.finish()
        return upstream == nil ? nil : server
    }

    private func credentials(
        _ section: inout SectionReader, isCommand: Bool, isURL: Bool
    ) -> [PrincipalCredentials] {
        guard let node = section.take("principals") else { return [] }
        guard let entries = node.table else {
            return section.refuse(node, "principals", "a table of tables") ?? []
        }
        return entries.compactMap { entry in
            let path = "\(section.path("principals")).\(entry.key)"
            var part = SectionReader(entry, name: path, pattern: "", collector: collector)
            guard isPrincipal(entry.key, entry.node.location.key, path) else { return nil }
            var credentials = PrincipalCredentials(principal: entry.key)
            for (key, isForeign) in [("headers", isCommand), ("env", isURL)] where isForeign {
                guard let place = part.placeOf(key) else { continue }
                collector.error(
                    place, "`\(part.path(key))` has no meaning beside `\(isURL ? "url" : "command")`")
            }
            credentials.headers = headers(&part)
            credentials.environment = variables(&part)
            part.finish()
            return credentials
        }
    }

    private func renames(_ section: inout SectionReader) -> [String: String] {
        guard let node = section.take("rename") else { return [:] }
        guard let entries = node.table else {
            return section.refuse(node, "rename", "a table of names: { old = \"new\" }") ?? [:]
        }
        var renames: [String: String] = [:]
        for entry in entries {
            let path = "\(section.path("rename")).\(entry.key)"
            guard let name = section.text(entry.node, path)?.value else { continue }
            let fits = name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            }
            if !fits || name.utf8.count > 64 {
                collector.error(
                    entry.node.location.value,
                    "`\(path)` must be a tool name: 1 to 64 of A-Z, a-z, 0-9, _ and -, found \"\(name)\"")
            } else if let other = renames.first(where: { $0.value == name })?.key {
                collector.error(
                    entry.node.location.value, "`\(path)` gives \"\(name)\", as does the rename of `\(other)`"
                )
            } else {
                renames[entry.key] = name
            }
        }
        return renames
    }
}
