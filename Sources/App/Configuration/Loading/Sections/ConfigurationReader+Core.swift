extension ConfigurationReader {
    mutating func readCore(_ entry: TOMLEntry?) {
        guard let entry else { return }
        var section = section(entry)
        if let address = address("listen", &section) { configuration.core.listen = address }
        if let address = address("admin", &section) { configuration.core.admin = address }
        if let threads = section.integer("threads", in: 1...1024) { configuration.core.threads = threads }
        if let most = section.integer("max_connections", in: 1...4_194_304) {
            configuration.core.maxConnections = most
        }
        if let bytes = section.byteCount("message_buffer_size", in: 1024...(1 << 30)) {
            configuration.core.messageBufferBytes = bytes
        }
        if let time = section.milliseconds("request_timeout_ms", in: 1...86_400_000) {
            configuration.core.requestTimeout = time
        }
        if let time = section.milliseconds("drain_timeout_ms", in: 0...3_600_000) {
            configuration.core.drainTimeout = time
        }
        if let choice: CoreConfiguration.ToolFailures = section.choice("tool_failures") {
            configuration.core.toolFailures = choice
        }
        _ = section.take("state_cache_size")
        section.finish()
        refuseOneAddressTwice(entry)
    }

    private func address(_ key: String, _ section: inout SectionReader) -> ListenAddress? {
        guard let node = section.take(key), let text = section.text(node, section.path(key)) else {
            return nil
        }
        if let address = ListenAddress(text.value) { return address }
        collector.error(
            node.location.value, "`\(section.path(key))` must be HOST:PORT, found \"\(text)\"",
            suggestion: "such as \"127.0.0.1:7420\", or \"[::1]:7420\" for IPv6; the port is at most 65535")
        return nil
    }

    private func refuseOneAddressTwice(_ entry: TOMLEntry) {
        let core = configuration.core
        guard core.listen == core.admin, core.listen.port != 0 else { return }
        let key = entry.node.table?.last { $0.key == "admin" || $0.key == "listen" }
        collector.error(
            key?.node.location.value ?? entry.node.location.key,
            "`core.listen` and `core.admin` are both \(core.listen)",
            suggestion: "give them different ports")
    }
}
