import Identifiers
import Routing
import Sessions

/// Who may use the gateway, and what each may see and do.
package struct AccessPlan: Sendable {
    /// nil if clients over HTTP need no credential.
    package var authenticator: (any Authenticator)?
    /// The first that names a principal is its rule; one that none names may see and do everything.
    package var rules: [AccessRule]
    /// Clients over standard streams and the local socket.
    package var localPrincipal: Principal

    package init(
        authenticator: (any Authenticator)? = nil, rules: [AccessRule] = [],
        localPrincipal: Principal = Principal("local")
    ) {
        self.authenticator = authenticator
        self.rules = rules
        self.localPrincipal = localPrincipal
    }

    /// Whether every client may do everything without showing who it is.
    var isOpen: Bool { authenticator == nil && rules.isEmpty }

    /// - Complexity: a comparison while there are no rules, else O(rules).
    func rule(of principal: Principal) -> Int? {
        rules.isEmpty ? nil : rules.firstIndex { $0.names(principal.name) }
    }
}
