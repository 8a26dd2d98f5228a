import Audit
import Configuration

/// Where the audit log has what it keeps beside the store.
package struct AuditPlaces: Sendable {
    /// The file of the secret that tree heads are signed with.
    package let key: String
    package let witness: String

    package init(_ configuration: GatewayConfiguration) {
        let keys = "\(configuration.persistence.directory.value)/keys"
        key = "\(keys)/audit.key"
        witness = configuration.security.auditWitness?.value ?? "\(keys)/audit.witness"
    }
}

extension AuditSettings {
    init(_ security: SecurityConfiguration) {
        self.init()
        isDurable = security.audit == .durable
        onFailure = OnFailure(security)
    }
}

extension AuditSettings.OnFailure {
    init(_ security: SecurityConfiguration) {
        self = security.effectiveOnFailure == .refuse ? .refuse : .serve
    }
}
