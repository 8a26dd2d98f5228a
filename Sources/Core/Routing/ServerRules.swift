import Identifiers

/// What the configuration says of one server's place in the catalog.
package struct ServerRules: Hashable, Sendable {
    package var id: ServerID
    /// The configured name, which prefixes what the server exposes; valid by `ServerName.check`.
    package var name: String
    /// Matches the names that the server itself gives its tools.
    package var filter: ToolFilter
    /// From the server's own name of a tool to the name that stands in the exposed name instead.
    package var renames: [String: String]

    package init(id: ServerID, name: String, filter: ToolFilter = .all, renames: [String: String] = [:]) {
        self.id = id
        self.name = name
        self.filter = filter
        self.renames = renames
    }
}
