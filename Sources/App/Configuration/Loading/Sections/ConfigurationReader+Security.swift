extension ConfigurationReader {
    mutating func readSecurity(_ entry: TOMLEntry) {
        var section = section(entry)
        if let audit: SecurityConfiguration.AuditMode = section.choice("audit") {
            configuration.security.audit = audit
        }
        if let choice: SecurityConfiguration.OnFailure = section.choice("on_failure") {
            configuration.security.onFailure = choice
        }
        if let path = section.text("audit_witness") { configuration.security.auditWitness = path }
        configuration.security.allowedOrigins = origins(&section)
        configuration.security.allowedHosts = hosts(&section)
        if let node = section.take("session_key") {
            configuration.security.sessionKey = secretSource(node, "session_key", section)
        }
        if let node = section.take("keys") {
            configuration.security.keys = tables(node, "keys", section).compactMap(key)
        }
        if let node = section.take("rules") {
            configuration.security.rules = tables(node, "rules", section).compactMap(rule)
        }
        if let text = section.text("local_principal"),
            isPrincipal(text.value, section.placeOf("local_principal"), section.path("local_principal"))
        {
            configuration.security.localPrincipal = text.value
        }
        section.finish()
    }

    private func origins(_ section: inout SectionReader) -> [String] {
        checked("allowed_origins", &section, wanted: "an origin such as \"https://example.com\"") { origin in
            guard let separator = origin.range(of: "://") else { return false }
            let host = origin[separator.upperBound...]
            return separator.lowerBound > origin.startIndex && !host.isEmpty
                && host.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") }
        }
    }

    private func hosts(_ section: inout SectionReader) -> [String] {
        checked("allowed_hosts", &section, wanted: "HOST or HOST:PORT, without http://") { host in
            let isAddress = host.hasSuffix("]") || !host.contains(":")
            return ListenAddress(isAddress ? host + ":80" : host) != nil
        }
    }

    private func checked(
        _ key: String, _ section: inout SectionReader, wanted: String, _ fits: (String) -> Bool
    ) -> [String] {
        guard let node = section.take(key) else { return [] }
        guard case .array(let elements) = node.content else {
            return section.refuse(node, key, "an array of strings") ?? []
        }
        return elements.enumerated().compactMap { index, element in
            let path = "\(section.path(key))[\(index)]"
            guard let text = section.text(element, path) else { return nil }
            if fits(text.value) { return text.value }
            collector.error(element.location.value, "`\(path)` must be \(wanted), found \"\(text)\"")
            return nil
        }
    }

    /// The elements of an array of tables.
    private func tables(_ node: TOMLNode, _ key: String, _ section: SectionReader) -> [TOMLNode] {
        guard case .array(let elements) = node.content else {
            return section.refuse(node, key, "an array of tables, written [[security.\(key)]]") ?? []
        }
        return elements.filter { element in
            if element.table != nil { return true }
            collector.error(
                element.location.value, "`security.\(key)` must hold tables, found \(element.kind)")
            return false
        }
    }

    private func key(_ node: TOMLNode) -> SecurityConfiguration.Key? {
        var section = SectionReader(
            node, place: node.location.key, name: "security.keys", pattern: "", collector: collector)
        let principal = section.text("principal")
        let hash = section.text("hash")
        section.finish()
        for (key, value) in [("principal", principal), ("hash", hash)] where value == nil {
            if node.table?.contains(where: { $0.key == key }) != true {
                collector.error(node.location.key, "[[security.keys]] has no `\(key)`")
            }
        }
        guard let principal, let hash,
            isPrincipal(principal.value, section.placeOf("principal"), "security.keys.principal")
        else { return nil }
        let digits = hash.value.utf8.dropFirst(Self.hashPrefix.utf8.count)
        guard hash.value.hasPrefix(Self.hashPrefix), digits.count == 64,
            digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else {
            // What was written here may be the key itself, so it is not repeated.
            collector.error(
                section.placeOf("hash") ?? node.location.key,
                "`security.keys.hash` must be \(Self.hashPrefix) and 64 hexadecimal digits",
                suggestion: "`attune keys new NAME` makes a key and its hash, `attune keys hash` hashes one")
            return nil
        }
        return SecurityConfiguration.Key(principal: principal.value, hash: hash)
    }
}
