/// `[profiles.NAME]`: a named selection of tools, served at `/profiles/<name>/mcp`.
package struct ProfileConfiguration: Sendable, Equatable {
    /// `[a-z0-9][a-z0-9-]{0,23}`.
    package var name: String
    /// Globs over server names; empty takes all servers.
    package var servers: [String]
    /// Globs over exposed tool names (`<server>__<tool>`); empty takes all tools.
    package var tools: [String]

    package init(name: String, servers: [String] = [], tools: [String] = []) {
        self.name = name
        self.servers = servers
        self.tools = tools
    }
}
