import Identifiers
import Sessions
import Wire

/// One request of a client, read and checked, with all that is needed to answer it. Confined to its loop.
struct Incoming: @unchecked Sendable {
    // Proof of Sendable: every property is Sendable but `exchange`, which is used on its own loop alone; that
    // is the loop to which an `Incoming` is confined.
    let callID: CallID
    let message: [UInt8]
    let frame: Frame
    let method: Method
    let client: Client
    let reply: any Reply
    let start: MonotonicTime
    /// The request's own HTTP exchange, if it has one: what must hear that the client went away is attached
    /// to it.
    var exchange: (any HTTPExchange)?
    /// The `Mcp-Param-*` fields of a modern HTTP request.
    var parameterFields: [(name: String, value: String)] = []

    /// The client's raw JSON id.
    var id: [UInt8] { Array(message[frame.id.range]) }

    /// How the client names the request, to cancel it; nil where it has no way to.
    var key: Key? { client.owner.map { Key(owner: $0, id: id) } }

    /// Ids are unique within a session or, without one, within a connection.
    struct Key: Hashable, Sendable {
        let owner: ObjectIdentifier
        /// The raw JSON id.
        let id: [UInt8]
    }

    var params: JSONView? { frame.params.isEmpty ? nil : JSONView(message, frame.params) }

    /// Who asks, and how.
    struct Client: Sendable {
        let era: Era
        let principal: Principal
        let endpoint: Endpoint
        /// A legacy client's session.
        let session: LegacySession?
        /// True if the client's going away cancels the request (2026-07-28, basic/transports).
        let disconnectCancels: Bool
        /// The connection of a client that sends all its messages on one.
        var stream: ClientStream?

        /// Within what the client's request ids are unique: its session, else its connection.
        var owner: ObjectIdentifier? {
            session.map { ObjectIdentifier($0) } ?? stream.map { ObjectIdentifier($0) }
        }
    }

    /// Why a modern HTTP request's `Mcp-Param-*` fields do not fit its arguments; nil if they do.
    func refusal(_ parameters: ParameterHeaders) -> Refusal? {
        guard client.era == .modern, exchange != nil else { return nil }
        let arguments = frame.paramsArguments
        return parameters.refusal(
            sent: parameterFields, arguments: arguments.isEmpty ? nil : JSONView(message, arguments))
    }

    /// The client as an identity for servers of the other era.
    func identity(_ gateway: Gateway) -> ClientIdentity {
        if let session = client.session { return session.identity }
        guard !frame.paramsMeta.isEmpty,
            let info = JSONView(message, frame.paramsMeta).member(MetaKey.clientInfo), info.kind == .object
        else { return gateway.identity }
        return ClientIdentity(info: info.rawBytes, capabilities: RPCResult.empty, version: .latestLegacy)
    }

    /// What the client may be asked for through this request.
    var declared: ClientCapabilities {
        if let session = client.session { return ClientCapabilities(raw: session.modernCapabilities) }
        guard !frame.paramsMeta.isEmpty,
            let raw = JSONView(message, frame.paramsMeta).member(MetaKey.clientCapabilities)
        else { return [] }
        return ClientCapabilities(raw)
    }

    /// Whether a log message of `level` is wanted in answer to this request.
    func wants(_ level: Sessions.LogLevel) -> Bool {
        if let session = client.session { return session.wants(level) }
        return logLevel.map { level >= $0 } ?? false
    }

    /// The least severe log message that the client has asked for: in its session, or in this request.
    var logLevel: Sessions.LogLevel? {
        if let session = client.session { return session.logLevel }
        guard !frame.paramsMeta.isEmpty else { return nil }
        return JSONView(message, frame.paramsMeta).member(MetaKey.logLevel)?.string.flatMap {
            Sessions.LogLevel($0)
        }
    }
}

/// Which of the gateway's addresses a client talks to.
enum Endpoint: Sendable {
    /// `/mcp`: all servers under prefixed names.
    case federated
    /// `/profiles/<name>/mcp`: a selection.
    case profile(String)
    /// What a rule leaves of `/mcp`, or of a profile, for this principal.
    case restricted(Principal, profile: String?)
    /// `/mcp/<server>`: one server as it is.
    case server(ServerHub)

    var hub: ServerHub? {
        if case .server(let hub) = self { hub } else { nil }
    }
}
