/// Why a connection to the control socket came to nothing, for the gateway's log.
package enum AttachTurnedAway: Sendable, Equatable {
    case refused(AttachRefusal, processID: Int32)
    /// The TLS handshake failed: no certificate, one of another authority, or one that has expired.
    case notTrusted(reason: String, processID: Int32)
    case timedOut(processID: Int32)
    case tooManyConnections(processID: Int32)
}

extension AttachTurnedAway: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let refusal, let processID):
            "process \(processID): \(refusal.message) (\(refusal.code.rawValue))"
        case .notTrusted(let reason, let processID): "process \(processID) is not trusted: \(reason)"
        case .timedOut(let processID): "process \(processID) took too long"
        case .tooManyConnections(let processID): "process \(processID): too many connections are open"
        }
    }
}
