import Identifiers

/// A server as one principal uses it: the same server under another number, with links, processes and
/// credentials that serve nobody else.
package struct ServerVariant: Sendable {
    package var server: ServerID
    package var principal: Principal
    package var plan: ServerPlan

    package init(of server: ServerID, for principal: Principal, plan: ServerPlan) {
        self.server = server
        self.principal = principal
        self.plan = plan
    }

    struct Key: Hashable, Sendable {
        let server: ServerID
        let principal: Principal
    }

    var key: Key { Key(server: server, principal: principal) }
}
