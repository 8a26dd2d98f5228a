import Wire

/// What a client's `initialize` says.
package struct InitializeRequest: Hashable, Sendable {
    /// The revision asked for, as written; possibly unknown.
    package var requestedVersion: String
    /// The raw JSON objects.
    package var capabilities: [UInt8]
    package var clientInfo: [UInt8]

    /// The revision that the gateway answers.
    package var negotiated: ProtocolVersion { .negotiated(requested: requestedVersion) }

    /// The client as an identity to open servers' sessions with.
    package var identity: ClientIdentity {
        ClientIdentity(info: clientInfo, capabilities: capabilities, version: negotiated)
    }

    package init(requestedVersion: String, capabilities: [UInt8], clientInfo: [UInt8]) {
        self.requestedVersion = requestedVersion
        self.capabilities = capabilities
        self.clientInfo = clientInfo
    }

    /// Reads the parameters; `capabilities` may be absent, what is there must have the right type.
    package init(_ message: [UInt8], _ frame: Frame) throws(Refusal) {
        guard !frame.params.isEmpty else { throw .badParameter("protocolVersion") }
        let params = JSONView(message, frame.params)
        guard let version = params["protocolVersion"]?.string else { throw .badParameter("protocolVersion") }
        requestedVersion = version
        capabilities = try Self.object(params["capabilities"], "capabilities") ?? RPCResult.empty
        clientInfo = try Self.object(params["clientInfo"], "clientInfo") ?? Self.unknownClient
    }

    private static let unknownClient = Array(#"{"name":"unknown","version":"unknown"}"#.utf8)

    private static func object(_ view: JSONView?, _ name: String) throws(Refusal) -> [UInt8]? {
        guard let view else { return nil }
        guard view.kind == .object else { throw .badParameter(name) }
        return view.rawBytes
    }
}
