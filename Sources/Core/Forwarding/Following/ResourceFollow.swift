import Wire

/// That one client follows one resource of one server. Immutable.
final class ResourceFollow: Sendable {
    let follower: ResourceFollower
    /// As the client knows it.
    let uri: String
    let rawURI: [UInt8]
    let route: ResourceRoute

    init(_ follower: ResourceFollower, uri: String, rawURI: [UInt8], route: ResourceRoute) {
        self.follower = follower
        self.uri = uri
        self.rawURI = rawURI
        self.route = route
    }

    /// Under which raw URI the client hears of a change; nil for the server's own.
    /// - Parameter changed: the followed resource's URI, or that of one below it.
    func exposed(_ changed: String) -> [UInt8]? {
        guard uri != route.uri else { return nil }
        guard changed != route.uri else { return rawURI }
        return JSONWriter.quoted(uri + changed.dropFirst(route.uri.count))
    }
}
