import Wire

/// What is known of a server after its handshake. Immutable; a class because each call passes it on several
/// times.
package final class ServerFacts: Sendable {
    /// The revision that requests to the server speak.
    package let version: ProtocolVersion
    /// What the capabilities say, as flags.
    package let offered: ServerCapabilities
    /// The raw JSON object, with everything the gateway does not know.
    package let capabilities: [UInt8]
    /// The raw JSON object; nil if the server did not name itself.
    package let serverInfo: [UInt8]?
    /// The raw JSON string.
    package let instructions: [UInt8]?
    /// The revisions that the server named: all of a `DiscoverResult`, or the one of an `InitializeResult`.
    package let supportedVersions: [String]
    /// `Mcp-Session-Id`; nil over stdio, in the modern era, and where the server keeps no session.
    package let sessionID: String?

    package var era: Era { version.era }

    /// Whether one server may serve many clients by the protocol itself.
    package var isStateless: Bool { era == .modern }

    package func offers(_ capabilities: ServerCapabilities) -> Bool { offered.isSuperset(of: capabilities) }

    /// Whether it makes sense to ask the server for updates of a resource. Legacy servers are asked in any
    /// case: there are some that take subscriptions and always declare `subscribe: false`.
    package var mayTakeSubscriptions: Bool { era == .legacy || offers(.resourcesSubscribe) }

    /// The server's own name and version as text, for lists and logs.
    package var nameAndVersion: (name: String, version: String)? {
        guard let serverInfo else { return nil }
        let view = JSONView(serverInfo, ByteRange(start: 0, end: UInt32(serverInfo.count)))
        guard let name = view["name"]?.string else { return nil }
        return (name, view["version"]?.string ?? "")
    }

    /// Reads an `InitializeResult`.
    package init(initializeResult result: JSONView, sessionID: String?) throws(HandshakeFailure) {
        guard result.kind == .object, let text = result["protocolVersion"]?.string else {
            throw .malformedResult(.initialize)
        }
        guard let version = ProtocolVersion(text), version.era == .legacy else {
            throw .unknownVersion(text)
        }
        self.version = version
        capabilities = Self.object(result["capabilities"]) ?? RPCResult.empty
        offered = result["capabilities"].map { ServerCapabilities($0).subtracting(.tasksExtension) } ?? []
        serverInfo = Self.object(result["serverInfo"])
        instructions = Self.string(result["instructions"])
        supportedVersions = [text]
        self.sessionID = sessionID
    }

    /// Reads a `DiscoverResult`.
    /// - Throws: `noCommonVersion` when the server names no modern revision that the gateway speaks.
    package init(discoverResult result: JSONView) throws(HandshakeFailure) {
        guard result.kind == .object, let named = result["supportedVersions"], named.kind == .array else {
            throw .malformedResult(.discover)
        }
        let versions = HandshakeText.versions(named)
        guard let version = HandshakeText.newest(of: versions, in: .modern) else {
            throw .noCommonVersion(offered: versions)
        }
        self.version = version
        capabilities = Self.object(result["capabilities"]) ?? RPCResult.empty
        let legacyTasks: ServerCapabilities = [.tasks, .tasksList, .tasksCancel, .tasksOfTools]
        offered = result["capabilities"].map { ServerCapabilities($0).subtracting(legacyTasks) } ?? []
        serverInfo = Self.object(result["_meta"]?.member(MetaKey.serverInfo))
        instructions = Self.string(result["instructions"])
        supportedVersions = versions
        sessionID = nil
    }

    private static func object(_ view: JSONView?) -> [UInt8]? {
        guard let view, view.kind == .object else { return nil }
        return view.rawBytes
    }

    private static func string(_ view: JSONView?) -> [UInt8]? {
        guard let view, view.kind == .string else { return nil }
        return view.rawBytes
    }
}
