import Wire

/// Translates one server's capabilities for a client of another era.
package enum CapabilityBridge {
    /// The raw capabilities that a client of `version` is told; within one era the server's own, byte for
    /// byte.
    ///
    /// Across the eras go away: `extensions` and `tasks`, which the other era does not know, and
    /// `resources.subscribe` unless the gateway carries subscriptions. The level of log messages is set in
    /// another way, which the gateway carries.
    package static func capabilities(
        of facts: ServerFacts, to version: ProtocolVersion, carriesSubscriptions: Bool
    ) -> [UInt8] {
        guard facts.era != version.era else { return facts.capabilities }
        let view = JSONView(
            facts.capabilities, ByteRange(start: 0, end: UInt32(clamping: facts.capabilities.count)))
        var splice = Splice()
        var edit = ObjectEdit(view)
        edit.remove { $0 == "extensions" || $0 == "tasks" }
        if version < .march2025 { edit.remove { $0 == "completions" } }
        if !carriesSubscriptions, let resources = edit.value("resources"), resources.kind == .object {
            var inner = ObjectEdit(resources)
            inner.remove { $0 == "subscribe" }
            inner.record(into: &splice)
        }
        edit.record(into: &splice)
        return splice.apply(to: facts.capabilities)
    }
}
