import Wire

/// What the gateway itself offers a client: what any of its servers offers and it can carry.
package enum CapabilityUnion {
    /// The raw `capabilities` object.
    ///
    /// Tools and changes of lists are always offered, because servers come and go while clients stay.
    /// - Parameters:
    ///   - carriesSubscriptions: whether the gateway carries `resources/subscribe` to this client.
    ///   - carriesLogging: whether the gateway carries `notifications/message` to this client.
    package static func capabilities(
        of servers: some Sequence<ServerCapabilities>, to version: ProtocolVersion,
        carriesSubscriptions: Bool = false,
        carriesLogging: Bool = false
    ) -> [UInt8] {
        let offered = servers.reduce(into: ServerCapabilities()) { $0.formUnion($1) }
        var writer = JSONWriter(capacity: 192)
        writer.beginObject()
        if carriesLogging, offered.contains(.logging) { emptyObject("logging", &writer) }
        if offered.contains(.completions), version >= .march2025 { emptyObject("completions", &writer) }
        if offered.contains(.prompts) {
            writer.key("prompts")
            writer.beginObject()
            writer.field("listChanged", true)
            writer.endObject()
        }
        if offered.contains(.resources) {
            writer.key("resources")
            writer.beginObject()
            if carriesSubscriptions, offered.contains(.resourcesSubscribe) { writer.field("subscribe", true) }
            writer.field("listChanged", true)
            writer.endObject()
        }
        writer.key("tools")
        writer.beginObject()
        writer.field("listChanged", true)
        writer.endObject()
        writeTasks(offered, version, &writer)
        writer.endObject()
        return writer.bytes
    }

    /// Each kind of tasks is told to clients of its own revision only.
    private static func writeTasks(
        _ offered: ServerCapabilities, _ version: ProtocolVersion, _ writer: inout JSONWriter
    ) {
        if version.era == .modern, offered.contains(.tasksExtension) {
            writer.key("extensions")
            writer.beginObject()
            writer.key("io.modelcontextprotocol/tasks")
            writer.beginObject()
            writer.endObject()
            writer.endObject()
        }
        guard version == .november2025, offered.contains(.tasks) else { return }
        writer.key("tasks")
        writer.beginObject()
        if offered.contains(.tasksList) { emptyObject("list", &writer) }
        if offered.contains(.tasksCancel) { emptyObject("cancel", &writer) }
        if offered.contains(.tasksOfTools) {
            writer.key("requests")
            writer.beginObject()
            writer.key("tools")
            writer.beginObject()
            emptyObject("call", &writer)
            writer.endObject()
            writer.endObject()
        }
        writer.endObject()
    }

    private static func emptyObject(_ key: StaticString, _ writer: inout JSONWriter) {
        writer.key(key)
        writer.beginObject()
        writer.endObject()
    }
}
