import Identifiers
import Routing
import Sessions
import Wire

/// What the admin interface shows of a server.
package struct ServerReport: Sendable {
    package var name: String
    /// `starting`, `up`, `down` or `removed`.
    package var state: String
    package var sinceMicroseconds: UInt64
    /// Nil until the first contact.
    package var version: ProtocolVersion?
    package var isProcess: Bool
    package var processID: Int32?
    package var restarts: Int
    package var tools: Int
    package var lastError: String?
    package var standardError: [String]
}

/// What the admin interface shows of a session.
package struct SessionReport: Sendable {
    package var name: String
    package var principal: String
    package var version: String
    package var path: String
    package var client: String
    /// When it was last used.
    package var idleMicroseconds: UInt64
    package var ageMicroseconds: UInt64
    /// Whether the client sends its messages as lines, over standard streams or the local socket.
    package var isLines: Bool
}

extension Gateway {
    /// In the configuration's order.
    package var serverReports: [ServerReport] {
        view.hubs.map { hub in
            let status = hub.current
            return ServerReport(
                name: hub.plan.name, state: status.state.rawValue,
                sinceMicroseconds: status.sinceMicroseconds, version: status.facts?.version,
                isProcess: hub.plan.transport == .process, processID: status.processID,
                restarts: status.restarts, tools: status.listing?.tools?.items.count ?? 0,
                lastError: status.lastError, standardError: hub.standardErrorTail)
        }
    }

    package var version: String { view.plan.version }

    package var toolRows: [ToolRow] { view.catalog.toolRows }

    package var sessionReports: [SessionReport] {
        let now = clock()
        return sessions.all.map { session in
            SessionReport(
                name: session.publicName, principal: session.principal.name, version: session.version.text,
                path: session.endpointPath, client: session.clientName,
                idleMicroseconds: now.nanoseconds(since: session.lastUse) / 1000,
                ageMicroseconds: now.nanoseconds(since: session.start) / 1000,
                isLines: session.stream?.isLines ?? false)
        }
    }
}
