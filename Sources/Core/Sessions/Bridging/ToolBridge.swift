import Wire

/// Turns a modern server's tool definitions into those that a legacy client can read.
package enum ToolBridge {
    /// The definition of one tool for a client of `client`; within one era, and to the modern one, the same
    /// bytes.
    ///
    /// The legacy eras know only objects as structured content, so that an `outputSchema` of another type
    /// goes away; `ResultBridge` then leaves the content out too.
    /// - Parameter definition: the raw JSON object.
    package static func definition(_ definition: [UInt8], from server: Era, to client: Era) -> [UInt8] {
        guard server == .modern, client == .legacy else { return definition }
        var splice = Splice()
        let range = ByteRange(start: 0, end: UInt32(clamping: definition.count))
        edit(JSONView(definition, range), into: &splice)
        return splice.isEmpty ? definition : splice.apply(to: definition)
    }

    /// Edits every definition of a `tools/list` result.
    static func edit(list: JSONView?, into splice: inout Splice) {
        guard let list, list.kind == .array else { return }
        for tool in list.elements { edit(tool, into: &splice) }
    }

    private static func edit(_ tool: JSONView, into splice: inout Splice) {
        guard tool.kind == .object, let schema = tool["outputSchema"] else { return }
        if schema.kind == .object, schema["type"]?.string == "object" { return }
        var edit = ObjectEdit(tool)
        edit.remove { $0 == "outputSchema" }
        edit.record(into: &splice)
    }
}
