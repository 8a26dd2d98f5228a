/// Why an item of a server's list is not in the catalog.
package enum ItemDrop: Error, Hashable, Sendable {
    case notAnObject
    /// `name`, `uri` or `uriTemplate` is absent, not a string, empty or over the size limit.
    case noName
    /// The naming key stands twice, so two readers could take it for two different items.
    case repeatedNameKey
    /// An earlier item of the same server has the same name.
    case duplicate
    /// The `x-mcp-header` annotations break the rules, and the server is reached by HTTP (MCP 2026-07-28,
    /// basic/transports: the client must drop such a tool).
    case headerNameNotToken, headerNameRepeated, headerType, headerUnreachable, headersTooMany
    /// The list already has as many items or bytes as it may have.
    case limit

    var isHeaderFault: Bool {
        switch self {
        case .headerNameNotToken, .headerNameRepeated, .headerType, .headerUnreachable, .headersTooMany: true
        case .notAnObject, .noName, .repeatedNameKey, .duplicate, .limit: false
        }
    }
}
