/// A tool's behaviour as its server annotates it; nil where it says nothing. Untrusted unless the operator
/// trusts the server (MCP, server/tools, "annotations").
package struct ToolHints: Hashable, Sendable {
    package var readOnly: Bool?
    package var destructive: Bool?
    package var idempotent: Bool?
    package var openWorld: Bool?

    package init(
        readOnly: Bool? = nil, destructive: Bool? = nil, idempotent: Bool? = nil, openWorld: Bool? = nil
    ) {
        self.readOnly = readOnly
        self.destructive = destructive
        self.idempotent = idempotent
        self.openWorld = openWorld
    }

    /// A second call with the same arguments has no further effect, if the annotations are true.
    package var isRepeatable: Bool { readOnly == true || idempotent == true }
}
