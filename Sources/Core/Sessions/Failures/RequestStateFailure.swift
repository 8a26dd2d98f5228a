/// Why a call cannot go on under the `requestState` that its client gave.
package enum RequestStateFailure: Error, Hashable, Sendable, CaseIterable {
    /// No gateway with this key gave it to this principal.
    case invalid
    /// Another gateway, or an earlier run of this one, keeps the call or has lost it.
    case otherGateway
    /// The client took too long.
    case expired
    /// The call has ended.
    case ended
    /// The call has gone on already.
    case used
    /// It belongs to a request with other parameters.
    case otherRequest

    /// The machine-readable name, in `error.data.attune.reason`.
    package var reason: String {
        switch self {
        case .invalid: "request_state_invalid"
        case .otherGateway: "request_state_elsewhere"
        case .expired: "request_state_expired"
        case .ended: "request_state_ended"
        case .used: "request_state_used"
        case .otherRequest: "request_state_mismatch"
        }
    }

    private var text: String {
        switch self {
        case .invalid: "requestState is not one that was given to this client"
        case .otherGateway:
            "requestState is of another gateway, or of an earlier run of this one: send the request anew"
        case .expired: "requestState has expired: send the request anew"
        case .ended: "The call of this requestState has ended: send the request anew"
        case .used: "The call of this requestState has gone on already"
        case .otherRequest: "requestState belongs to a request with other parameters"
        }
    }

    package var rpcError: RPCError {
        let data = "{\"attune\":{\"reason\":\"\(reason)\"}}"
        return RPCError(code: ErrorCode.invalidParams, message: text, data: Array(data.utf8))
    }
}
