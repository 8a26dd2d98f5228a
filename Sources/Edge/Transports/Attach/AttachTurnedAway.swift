/// Why a connection to the control socket came to nothing, for the gateway's log.
package enum AttachTurnedAway: Sendable, Equatable {
    case refused(AttachRefusal, processID: Int32)
    /// The TLS handshake failed: no certificate, one of another authority, or one that has expired.
    case notTrusted(reason: String, processID: Int32)
    case timedOut(processID: Int32)
    case tooManyConnections(processID: Int32)
}
