/// What a server's answer needs to become the client's.
package struct ResultContext: Sendable {
    /// The client's raw JSON id.
    package var id: [UInt8]
    package var method: Method
    package var client: Era
    package var server: Era
    /// The raw JSON object that a modern client is told; nil leaves it out.
    package var serverInfo: [UInt8]?
    /// What a modern client is told about a legacy server's cacheable results.
    package var cacheHints: CacheHints
    /// Whether client and server have agreed on extensions, so that other values of `resultType` may occur.
    package var allowsExtensionResults: Bool
    /// Whether the client declared the extension for tasks, so that a call may become one.
    package var allowsTasks: Bool

    package init(
        id: [UInt8], method: Method, client: Era, server: Era, serverInfo: [UInt8]? = nil,
        cacheHints: CacheHints = .none, allowsExtensionResults: Bool = false,
        allowsTasks: Bool = false
    ) {
        self.id = id
        self.method = method
        self.client = client
        self.server = server
        self.serverInfo = serverInfo
        self.cacheHints = cacheHints
        self.allowsExtensionResults = allowsExtensionResults
        self.allowsTasks = allowsTasks
    }
}
