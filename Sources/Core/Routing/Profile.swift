/// A named selection of servers and tools, served at `/profiles/<name>/mcp`.
package struct Profile: Hashable, Sendable {
    package var name: String
    /// Configured server names; empty selects all servers.
    package var servers: [String]
    /// Match exposed tool names; empty selects all tools of the servers. Prompts and resources are not
    /// restricted.
    package var tools: [Glob]

    package init(name: String, servers: [String] = [], tools: [Glob] = []) {
        self.name = name
        self.servers = servers
        self.tools = tools
    }
}
