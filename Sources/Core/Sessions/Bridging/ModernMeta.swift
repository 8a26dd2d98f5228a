import Wire

/// What the gateway writes into the `_meta` of a request to a modern server for a client that did not.
package struct ModernMeta: Sendable {
    /// The members as JSON, without braces.
    let members: [UInt8]

    /// - Parameters:
    ///   - capabilities: the raw JSON object of what the client may be asked for through this request; empty
    ///     while the gateway cannot carry a server's requests to it.
    ///   - logLevel: asks for log messages of this severity and above; nil asks for none.
    /// - Complexity: copies the identity's bytes; the requests of a session can share one value.
    package init(
        identity: ClientIdentity, capabilities: [UInt8] = RPCResult.empty, logLevel: LogLevel? = nil,
        version: ProtocolVersion = .latestModern
    ) {
        var members: [UInt8] = []
        members.reserveCapacity(256 + identity.info.count + capabilities.count)
        members.append(contentsOf: Self.versionKey)
        members.append(contentsOf: version.text.utf8)
        members.append(contentsOf: Self.infoKey)
        members.append(contentsOf: identity.info)
        members.append(contentsOf: Self.capabilitiesKey)
        members.append(contentsOf: capabilities)
        if let logLevel {
            members.append(contentsOf: Self.levelKey)
            members.append(contentsOf: logLevel.text.utf8)
            members.append(UInt8(ascii: "\""))
        }
        self.members = members
    }

    /// The whole object.
    var object: [UInt8] { [UInt8(ascii: "{")] + members + [UInt8(ascii: "}")] }

    /// Whether a client's own member must give way.
    static func replaces(_ key: String) -> Bool {
        key == MetaKey.protocolVersion || key == MetaKey.clientInfo || key == MetaKey.clientCapabilities
            || key == MetaKey.logLevel
    }

    private static let versionKey = Array("\"\(MetaKey.protocolVersion)\":\"".utf8)
    private static let infoKey = Array("\",\"\(MetaKey.clientInfo)\":".utf8)
    private static let capabilitiesKey = Array(",\"\(MetaKey.clientCapabilities)\":".utf8)
    private static let levelKey = Array(",\"\(MetaKey.logLevel)\":\"".utf8)
}
