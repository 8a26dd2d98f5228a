import Wire

/// As whom the gateway opens a server's session.
package struct ClientIdentity: Hashable, Sendable {
    /// The raw JSON object `clientInfo`.
    package var info: [UInt8]
    /// The raw JSON object of the client's capabilities.
    package var capabilities: [UInt8]
    /// The legacy revision to ask for.
    package var version: ProtocolVersion

    package init(info: [UInt8], capabilities: [UInt8], version: ProtocolVersion) {
        self.info = info
        self.capabilities = capabilities
        self.version = version.era == .legacy ? version : .latestLegacy
    }

    /// The gateway itself, which offers servers no capabilities of a client.
    package static func gateway(version: String) -> ClientIdentity {
        ClientIdentity(
            info: Implementation.gateway(version: version), capabilities: RPCResult.empty,
            version: .latestLegacy)
    }
}
