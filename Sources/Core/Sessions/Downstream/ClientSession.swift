import Identifiers
import Wire

/// A downstream session of a legacy era, from `initialize` to its end. What it talks to upstream is kept
/// elsewhere.
package struct ClientSession: Sendable {
    /// The `Mcp-Session-Id`; unguessable, made by the owner.
    package let id: String
    package let version: ProtocolVersion
    /// The client's own raw `clientInfo` and `capabilities`.
    package let identity: ClientIdentity
    package let principal: Principal
    /// The path at which the session was opened; a session is valid only there.
    package let endpoint: String
    /// Whether the client has sent `notifications/initialized`.
    package private(set) var isInitialized: Bool
    /// The least severe log message that the client wants; nil until it says so.
    package private(set) var logLevel: LogLevel?
    package private(set) var lastActivity: MonotonicTime

    /// - Parameter isInitialized: true for a session that another gateway opened.
    package init(
        id: String, request: InitializeRequest, principal: Principal, endpoint: String,
        isInitialized: Bool = false, now: MonotonicTime
    ) {
        self.isInitialized = isInitialized
        self.id = id
        version = request.negotiated
        identity = request.identity
        self.principal = principal
        self.endpoint = endpoint
        lastActivity = now
    }

    /// Takes note of a request or notification of the client, or says why it is refused.
    ///
    /// - Parameters:
    ///   - name: the method as the client wrote it.
    ///   - params: the message's `params`; only `logging/setLevel` needs them.
    package mutating func receive(
        _ method: Method, named name: String, params: JSONView? = nil, inBatch: Bool = false,
        passesUnknown: Bool = false, now: MonotonicTime
    ) -> Refusal? {
        lastActivity = max(lastActivity, now)
        if let refusal = LegacyRules.refusal(
            method, named: name, version: version, inBatch: inBatch, passesUnknown: passesUnknown)
        {
            return refusal
        }
        switch method {
        case .initialized:
            isInitialized = true
            return nil
        case .ping: return nil
        case .loggingSetLevel:
            guard let params, let level = LogLevel(params: params) else { return .badParameter("level") }
            logLevel = level
            return nil
        default: break
        }
        if method.isNotification { return nil }
        return isInitialized ? nil : .notInitialized
    }

    /// Whether the request belongs to this session: the same principal at the same endpoint.
    package func belongs(to principal: Principal, at endpoint: String) -> Bool {
        self.principal == principal && self.endpoint == endpoint
    }

    /// Whether a log message of `level` is wanted; before the client says anything, the server decides.
    package func wants(_ level: LogLevel) -> Bool { logLevel.map { level >= $0 } ?? true }

    package func idleNanoseconds(now: MonotonicTime) -> UInt64 { now.nanoseconds(since: lastActivity) }
}
