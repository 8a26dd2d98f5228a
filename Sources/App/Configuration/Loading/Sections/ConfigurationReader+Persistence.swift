extension ConfigurationReader {
    mutating func readPersistence(_ entry: TOMLEntry) {
        var section = section(entry)
        if let path = section.text("rocksdb_path") { configuration.persistence.directory = path }
        if let time = section.seconds("checkpoint_interval", in: 1...2_592_000) {
            configuration.persistence.checkpointInterval = time
        }
        if let choice: PersistenceConfiguration.Compression = section.choice("compression") {
            configuration.persistence.compression = choice
        }
        if let days = section.integer("retention_days", in: 0...36_500) {
            configuration.persistence.retentionDays = days
        }
        if let bytes = section.byteCount("retention_bytes", in: 0...(1 << 50)) {
            configuration.persistence.retentionBytes = bytes
        }
        if let encrypt = section.boolean("encrypt") { configuration.persistence.encrypt = encrypt }
        if let node = section.take("key") { configuration.persistence.key = keySource(node, section) }
        section.finish()
    }

    /// `file:…`, `env:…` or `command:…`.
    private func keySource(
        _ node: TOMLNode, _ section: SectionReader
    ) -> PersistenceConfiguration.KeySource? {
        guard let text = section.text(node, section.path("key")) else { return nil }
        let rest = text.value.drop { $0 != ":" }.dropFirst()
        let kind = text.value.prefix { $0 != ":" }
        let inner = ExpandedText(
            value: String(rest), written: String(text.written.drop { $0 != ":" }.dropFirst()),
            variables: text.variables)
        switch kind {
        case "file" where !rest.isEmpty: return .file(inner)
        case "command" where !rest.isEmpty: return .command(inner)
        case "env" where TextExpansion.isVariableName(rest): return .environment(String(rest))
        default:
            // What was written here may be the key itself, so it is not repeated.
            collector.error(
                node.location.value, "`\(section.path("key"))` must be file:PATH, env:NAME or command:LINE",
                suggestion: "the key itself does not belong in the file")
            return nil
        }
    }
}
