import Identifiers
import Routing
import Sessions
import Wire

/// Where a resource's URI leads: a server, and the URI by which that server knows it.
struct ResourceRoute: Sendable {
    let hub: ServerHub
    let uri: String
    /// The same as JSON, quotes included.
    let rawURI: [UInt8]
}

extension RoutingView {
    /// - Parameters:
    ///   - raw: the URI as the client wrote it.
    ///   - endpoint: of this view, or of one before a reload.
    ///   - principal: whose credentials and rule count.
    /// - Returns: nil if no server of the endpoint is known to have such a resource.
    func resource(
        _ uri: String, raw: [UInt8], at endpoint: Endpoint, for principal: Principal
    ) -> ResourceRoute? {
        if let server = endpoint.hub {
            if isVariant(server) { return ResourceRoute(hub: server, uri: uri, rawURI: raw) }
            // A reload may have put another in its place.
            return hub(named: server.plan.name).flatMap { own($0, principal) }
                .map { ResourceRoute(hub: $0, uri: uri, rawURI: raw) }
        }
        guard let route = lists(at: endpoint)?.resource(uri),
            let hub = hub(route.server).flatMap({ own($0, principal) })
        else { return nil }
        let isSame = route.upstreamName == uri
        return ResourceRoute(
            hub: hub, uri: route.upstreamName, rawURI: isSame ? raw : route.upstreamNameJSON)
    }

    /// The server as the principal uses it; nil if it may not.
    private func own(_ hub: ServerHub, _ principal: Principal) -> ServerHub? {
        guard rule(of: principal)?.servers.admits(hub.plan.name) ?? true else { return nil }
        return variant(of: hub, for: principal)
    }
}
