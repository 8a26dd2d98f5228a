import Identifiers

/// Decides under which URI each server's resources are exposed: the first server in the configuration's order
/// that lists a URI owns it unchanged; any other's is prefixed, and so is one that already looks prefixed.
struct URIOwners: Sendable {
    private let names: [ServerID: String]
    private let known: Set<String>
    private var owners: [[UInt8]: ServerID] = [:]

    init(_ servers: [ServerRules]) {
        names = Dictionary(servers.map { ($0.id, $0.name) }) { first, _ in first }
        known = Set(servers.map(\.name))
    }

    /// Gives the URI to the server unless it has an owner.
    mutating func claim(_ uri: String, for server: ServerID) {
        if looksPrefixed(uri) { return }
        let key = [UInt8](uri.utf8)
        if owners[key] == nil { owners[key] = server }
    }

    /// - Returns: nil when no server has claimed the URI.
    func exposed(_ uri: String, by server: ServerID) -> String? {
        if looksPrefixed(uri) { return prefixed(uri, by: server) }
        guard let owner = owners[[UInt8](uri.utf8)] else { return nil }
        return owner == server ? uri : prefixed(uri, by: server)
    }

    func prefixed(_ uri: String, by server: ServerID) -> String { prefix(server) + uri }

    func prefix(_ server: ServerID) -> String { PrefixedURI.prefix(server: names[server] ?? "") }

    private func looksPrefixed(_ uri: String) -> Bool {
        PrefixedURI.split(uri).map { known.contains($0.server) } ?? false
    }
}
