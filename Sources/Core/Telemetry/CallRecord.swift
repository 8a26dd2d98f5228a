import Identifiers

/// What the gateway remembers of one finished call.
package struct CallRecord: Sendable {
    package enum Outcome: UInt8, Sendable, CaseIterable {
        case ok
        /// A tool result with `isError: true` from the server.
        case toolError = 1
        /// A JSON-RPC error from the server.
        case rpcError = 2
        case timeout, unavailable, circuitOpen, overloaded, tooLarge, protocolError, draining
        /// The client gave up.
        case cancelled
        /// The gateway refused the request: unknown tool, bad parameters.
        case refused
    }

    package var callID: CallID
    /// Microseconds since 1970.
    package var startMicroseconds: UInt64
    package var principal: Principal
    /// A short public name of the client's session (never the session id itself); empty without one.
    package var session: String
    /// The server's configured name; empty if none was chosen.
    package var server: String
    /// The tool, prompt or resource as the client named it; empty for other methods.
    package var tool: String
    package var method: String
    package var modern: Bool
    package var outcome: Outcome
    /// The JSON-RPC error code; 0 without one.
    package var errorCode: Int
    package var queueMicroseconds: UInt64
    package var upstreamMicroseconds: UInt64
    package var durationMicroseconds: UInt64
    package var requestBytes: Int
    package var resultBytes: Int
    package var adviceVersion: UInt64
    package var decisions: [String]
    /// The trace that the client's request is part of (W3C Trace Context), in hexadecimal; empty without one.
    package var traceID = ""

    package init(
        callID: CallID, startMicroseconds: UInt64, principal: Principal, session: String, server: String,
        tool: String, method: String, modern: Bool, outcome: Outcome, errorCode: Int,
        queueMicroseconds: UInt64, upstreamMicroseconds: UInt64, durationMicroseconds: UInt64,
        requestBytes: Int, resultBytes: Int,
        adviceVersion: UInt64, decisions: [String]
    ) {
        self.callID = callID
        self.startMicroseconds = startMicroseconds
        self.principal = principal
        self.session = session
        self.server = server
        self.tool = tool
        self.method = method
        self.modern = modern
        self.outcome = outcome
        self.errorCode = errorCode
        self.queueMicroseconds = queueMicroseconds
        self.upstreamMicroseconds = upstreamMicroseconds
        self.durationMicroseconds = durationMicroseconds
        self.requestBytes = requestBytes
        self.resultBytes = resultBytes
        self.adviceVersion = adviceVersion
        self.decisions = decisions
    }
}
