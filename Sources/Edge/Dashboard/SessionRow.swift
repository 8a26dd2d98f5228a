/// One client's session with the gateway.
package struct SessionRow: Sendable {
    /// A short public name, never the session id itself, which is a credential.
    package var name: String
    package var principal: String
    /// The protocol version that was agreed on.
    package var version: String
    /// `http`, `sse` or `stdio`.
    package var transport: String
    /// Such as `/mcp`.
    package var path: String
    /// The client's name and version as it gave them; empty if it gave none.
    package var client: String
    /// Microseconds since 1970.
    package var startedMicroseconds: UInt64
    /// Microseconds since 1970.
    package var lastUsedMicroseconds: UInt64

    package init(
        name: String, principal: String, version: String, transport: String, path: String, client: String,
        startedMicroseconds: UInt64, lastUsedMicroseconds: UInt64
    ) {
        self.name = name
        self.principal = principal
        self.version = version
        self.transport = transport
        self.path = path
        self.client = client
        self.startedMicroseconds = startedMicroseconds
        self.lastUsedMicroseconds = lastUsedMicroseconds
    }
}
