import Wire

/// Why a server's request got no answer from its client, as the server is told.
package enum InputFailure: Error, Hashable, Sendable, CaseIterable {
    /// The client gave no answer in time.
    case timedOut
    /// The client keeps no stream on which it could be asked.
    case noStream
    /// The client's session or connection ended.
    case clientGone
    /// The call that the request belonged to has ended.
    case callEnded
    /// Too many requests wait for the client already.
    case overloaded
    /// An earlier request with the same id is still open.
    case duplicateID
    /// The request belongs to no call in whose answer the client could be asked.
    case noCall

    /// The machine-readable name, in `error.data.attune.reason` and logs.
    package var reason: String {
        switch self {
        case .timedOut: "client_timeout"
        case .noStream: "client_without_stream"
        case .clientGone: "client_gone"
        case .callEnded: "call_ended"
        case .overloaded: "overloaded"
        case .duplicateID: "duplicate_id"
        case .noCall: "no_call"
        }
    }

    private var text: String {
        switch self {
        case .timedOut: "The client did not answer in time"
        case .noStream: "The client keeps no stream on which it could be asked"
        case .clientGone: "The client is gone"
        case .callEnded: "The call that this request belonged to has ended"
        case .overloaded: "Too many requests wait for the client"
        case .duplicateID: "An earlier request with this id is still open"
        case .noCall: "The request belongs to no one call of a client"
        }
    }

    private var code: Int {
        switch self {
        case .overloaded: ErrorCode.overloaded
        case .duplicateID: ErrorCode.invalidRequest
        default: ErrorCode.internalError
        }
    }

    package var rpcError: RPCError {
        let data = "{\"attune\":{\"reason\":\"\(reason)\"}}"
        return RPCError(code: code, message: text, data: Array(data.utf8))
    }
}
