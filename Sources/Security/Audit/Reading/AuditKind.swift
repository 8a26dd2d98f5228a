import Schemas

/// What an entry tells of.
package enum AuditKind: String, Sendable, CaseIterable {
    case call
    /// A request that was turned away for who asked.
    case access
    /// What an operator did through the gateway.
    case admin
    /// A configuration that came into force.
    case config
    /// The gateway's start or end.
    case run
    /// A time of which entries are missing.
    case gap
    /// What was found wrong with the log.
    case finding

    /// Nil for what a later version wrote.
    init?(_ entry: AuditEntry) {
        switch entry.what {
        case .call: self = .call
        case .access: self = .access
        case .act: self = .admin
        case .change: self = .config
        case .run: self = .run
        case .gap: self = .gap
        case .findings: self = .finding
        case nil: return nil
        }
    }
}
