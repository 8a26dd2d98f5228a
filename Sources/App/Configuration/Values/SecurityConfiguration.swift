/// `[security]`: who may talk to the gateway and what is recorded.
package struct SecurityConfiguration: Sendable, Equatable {
    package enum AuditMode: String, Sendable, CaseIterable { case normal, durable, off }

    /// What happens to a call when the audit log cannot be written.
    package enum OnFailure: String, Sendable, CaseIterable { case refuse, serve }

    /// `[[security.keys]]`: the key of one principal, stored hashed.
    package struct Key: Sendable, Equatable {
        package var principal: String
        package var hash: ExpandedText

        package init(principal: String, hash: ExpandedText) {
            self.principal = principal
            self.hash = hash
        }
    }

    package var audit = AuditMode.normal
    package var onFailure: OnFailure?
    /// Where the newest tree head of the audit log is set down; nil for a file beside its key.
    package var auditWitness: ExpandedText?
    /// Origins beside `http://` and the listener's own names.
    package var allowedOrigins: [String] = []
    /// Values of Host beside the listener's own names.
    package var allowedHosts: [String] = []
    package var keys: [Key] = []
    /// Where the key that seals session ids comes from; nil for a file of the gateway's own.
    package var sessionKey: SecretSource?
    package var rules: [AccessRuleConfiguration] = []
    /// The principal of clients on standard streams and the local socket.
    package var localPrincipal = "local"

    /// What a configuration that doesn't say means: who asks for every call to be on disk wants none without.
    package var effectiveOnFailure: OnFailure { onFailure ?? (audit == .durable ? .refuse : .serve) }

    package init() {}
}
