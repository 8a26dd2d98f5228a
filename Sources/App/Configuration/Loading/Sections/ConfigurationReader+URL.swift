extension ConfigurationReader {
    /// An address of a scheme that this build reaches, with a host, without user, fragment and white space.
    func url(_ node: TOMLNode, _ path: String, _ section: SectionReader) -> ExpandedText? {
        guard let text = section.text(node, path) else { return nil }
        func refuse(_ why: String, _ suggestion: String? = nil) -> ExpandedText? {
            collector.error(node.location.value, "`\(path)` \(why)", suggestion: suggestion)
            return nil
        }
        guard let separator = text.value.range(of: "://") else {
            return refuse("must be a URL such as \"http://127.0.0.1:8080/mcp\", found \"\(text)\"")
        }
        guard ServerScheme.supported.contains(where: text.value.lowercased().hasPrefix) else {
            return refuse("cannot be used: " + ServerScheme.refusal)
        }
        guard text.value.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            return refuse("must hold no white space and only ASCII; escape other characters with %")
        }
        let rest = text.value[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.contains("@") {
            return refuse("must hold no user or password", "send them in `headers`")
        }
        if rest.contains("#") { return refuse("must hold no #fragment") }
        let withPort = authority.hasSuffix("]") || !authority.contains(":") ? authority + ":80" : authority
        guard let address = ListenAddress(String(withPort)), address.port > 0 else {
            return refuse("has no valid host and port: \"\(text)\"")
        }
        return text
    }

    /// The fields of `headers`, in the order of the file.
    func headers(_ section: inout SectionReader) -> [ServerURL.Header] {
        guard let node = section.take("headers") else { return [] }
        guard let entries = node.table else {
            return section.refuse(node, "headers", "a table of strings") ?? []
        }
        var headers: [ServerURL.Header] = []
        for entry in entries {
            let lower = entry.key.lowercased()
            let path = "\(section.path("headers")).\(entry.key)"
            if !HeaderField.isName(entry.key) {
                collector.error(entry.node.location.key, "\"\(entry.key)\" is no name of an HTTP header")
            } else if HeaderField.ownNames.contains(lower) {
                collector.error(
                    entry.node.location.key, "the header \(entry.key) is written by the gateway itself",
                    suggestion: "remove it")
            } else if headers.contains(where: { $0.name.lowercased() == lower }) {
                collector.error(entry.node.location.key, "the header \(entry.key) is there twice")
            } else if let value = section.text(
                entry.node, path, emptyAllowed: true, maySecret: true)
            {
                if HeaderField.isValue(value.value) {
                    headers.append(ServerURL.Header(name: entry.key, value: value))
                } else {
                    collector.error(
                        entry.node.location.value, "`\(path)` must hold no line breaks or control characters")
                }
            }
        }
        return headers
    }
}
