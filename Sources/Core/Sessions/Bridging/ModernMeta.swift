import Wire

/// What the gateway writes into the `_meta` of a request to a modern server for a client that did not.
package struct ModernMeta: Sendable {
    package var version: ProtocolVersion
    /// Raw JSON objects.
    package var clientInfo: [UInt8]
    package var clientCapabilities: [UInt8]
    /// Asks for log messages of this severity and above; nil asks for none.
    package var logLevel: LogLevel?

    /// - Parameter capabilities: the raw JSON object of what the client may be asked for through this
    ///   request; empty while the gateway cannot carry a server's requests to it.
    package init(
        identity: ClientIdentity, capabilities: [UInt8] = RPCResult.empty, logLevel: LogLevel? = nil,
        version: ProtocolVersion = .latestModern
    ) {
        self.version = version
        clientInfo = identity.info
        clientCapabilities = capabilities
        self.logLevel = logLevel
    }

    package var members: [(key: String, value: [UInt8])] {
        var members = [
            (key: MetaKey.protocolVersion, value: JSONWriter.quoted(version.text)),
            (key: MetaKey.clientInfo, value: clientInfo),
            (key: MetaKey.clientCapabilities, value: clientCapabilities),
        ]
        if let logLevel { members.append((key: MetaKey.logLevel, value: JSONWriter.quoted(logLevel.text))) }
        return members
    }
}
