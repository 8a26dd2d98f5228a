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
    /// - Parameter raw: the URI as the client wrote it.
    /// - Returns: nil if no server of the endpoint is known to have such a resource.
    func resource(_ uri: String, raw: [UInt8], at endpoint: Endpoint) -> ResourceRoute? {
        if let server = endpoint.hub {
            if isVariant(server) { return ResourceRoute(hub: server, uri: uri, rawURI: raw) }
            // A reload may have put another in its place.
            return hub(named: server.plan.name).map { ResourceRoute(hub: $0, uri: uri, rawURI: raw) }
        }
        guard let route = lists(at: endpoint)?.resource(uri), let hub = hub(route.server) else { return nil }
        var own = hub
        if case .restricted(let principal, _) = endpoint { own = variant(of: hub, for: principal) }
        let isSame = route.upstreamName == uri
        return ResourceRoute(
            hub: own, uri: route.upstreamName, rawURI: isSame ? raw : route.upstreamNameJSON)
    }
}
