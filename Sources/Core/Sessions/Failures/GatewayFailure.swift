/// A request that the gateway itself could not have answered, and what its client is told about it.
package struct GatewayFailure: Error, Hashable, Sendable {
    /// What went wrong.
    package enum Kind: Hashable, Sendable {
        /// The server did not answer within this time.
        case upstreamTimeout(afterMilliseconds: Int)
        case upstreamUnavailable(Unavailability)
        /// Too many of the server's last answers failed, so it is not asked for a while.
        case circuitOpen
        /// A queue is full.
        case overloaded
        /// The client's principal asks more often, or more at once, than its rules allow.
        case limitReached
        /// The audit log can't take the call.
        case auditUnavailable
        /// The server's answer exceeds the largest message.
        case messageTooLarge(limitBytes: Int)
        case upstreamProtocolError(ProtocolViolation)
        case draining
    }

    /// Why a server cannot be reached.
    package enum Unavailability: Hashable, Sendable {
        /// No connection or process came about, so the server did not see the request.
        case notReached
        /// The connection broke or the process ended before the answer.
        case lostInFlight
        /// The server is configured but did not finish its handshake.
        case notReady
        /// The server refused the gateway's credentials.
        case unauthorized(httpStatus: Int)
    }

    package var kind: Kind
    package var server: String?
    package var tool: String?
    /// The call's id as text, as in `Attune-Call-Id`.
    package var callID: String
    package var retryAfterMilliseconds: Int?

    package init(
        _ kind: Kind, server: String?, tool: String?, callID: String, retryAfterMilliseconds: Int? = nil
    ) {
        self.kind = kind
        self.server = server
        self.tool = tool
        self.callID = callID
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    package var code: Int {
        switch kind {
        case .upstreamTimeout: ErrorCode.upstreamTimeout
        case .upstreamUnavailable: ErrorCode.upstreamUnavailable
        case .circuitOpen: ErrorCode.circuitOpen
        case .overloaded, .limitReached, .auditUnavailable: ErrorCode.overloaded
        case .messageTooLarge: ErrorCode.messageTooLarge
        case .upstreamProtocolError: ErrorCode.upstreamProtocolError
        case .draining: ErrorCode.draining
        }
    }

    /// The machine-readable name, in `error.data.attune.reason`, metrics and logs.
    package var reason: String {
        switch kind {
        case .upstreamTimeout: "upstream_timeout"
        case .upstreamUnavailable: "upstream_unavailable"
        case .circuitOpen: "circuit_open"
        case .overloaded, .limitReached: "overloaded"
        case .auditUnavailable: "audit"
        case .messageTooLarge: "message_too_large"
        case .upstreamProtocolError: "upstream_protocol_error"
        case .draining: "draining"
        }
    }

    /// Whether the server surely did not carry the request out.
    package var provesNonExecution: Bool {
        switch kind {
        case .circuitOpen, .overloaded, .limitReached, .auditUnavailable, .draining: true
        case .upstreamUnavailable(.notReached), .upstreamUnavailable(.notReady),
            .upstreamUnavailable(.unauthorized):
            true
        case .upstreamUnavailable(.lostInFlight), .upstreamTimeout, .messageTooLarge, .upstreamProtocolError:
            false
        }
    }
}
