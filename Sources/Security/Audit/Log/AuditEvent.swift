/// What happened, before it has its place in the log.
package enum AuditEvent: Sendable {
    /// A call has ended.
    case ended(AuditedCall, wasStarted: Bool)
    /// A call is about to be forwarded.
    case started(AuditedCall)
    /// Somebody was turned away.
    case access(AuditedAccess)
    case act(action: String, origin: String, outcome: String, details: [String])
    /// - Parameter contents: the file's bytes, of which the SHA-256 is kept.
    case change(file: String, contents: [UInt8], changes: [String])
    /// The gateway ends.
    case stopped
}

/// A request that was turned away for who asked.
package struct AuditedAccess: Sendable {
    package var status: Int
    package var path: String
    /// Empty where it isn't known who asked.
    package var principal: String
    package var reason: String
    var more: UInt64 = 0

    package init(status: Int, path: String, principal: String, reason: String) {
        self.status = status
        self.path = path
        self.principal = principal
        self.reason = reason
    }
}
