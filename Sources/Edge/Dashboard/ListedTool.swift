/// One row of `attune ls tools`.
package struct ListedTool: Sendable {
    /// As clients of `/mcp` call it.
    package var name: String
    package var server: String
    /// As the server calls it.
    package var upstreamName: String
    package var title: String?

    package init(name: String, server: String, upstreamName: String, title: String?) {
        self.name = name
        self.server = server
        self.upstreamName = upstreamName
        self.title = title
    }
}
