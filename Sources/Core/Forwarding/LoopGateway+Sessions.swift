import Identifiers
import Sessions

// Whose session a request over HTTP belongs to.
extension LoopGateway {
    /// The session that a request names; nil unless it is this principal's, opened at this path. One that
    /// another gateway opened is taken over.
    func session(_ id: String, of principal: Principal, at path: String) -> LegacySession? {
        if let session = gateway.sessions.find(id) {
            return session.belongs(to: principal, at: path) ? session : nil
        }
        return gateway.sessions.takeOver(
            id, principal: principal, endpointPath: path, gateway: gateway, now: now)
    }
}
