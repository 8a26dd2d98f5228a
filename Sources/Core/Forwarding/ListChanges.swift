import Routing
import Sessions

/// Which lists of which servers changed, and which profiles select something else than before.
struct ListChanges: Sendable {
    /// By the server's name, which a server keeps when its configuration changes.
    private(set) var servers: [String: Set<ListKind>] = [:]
    private(set) var profiles: Set<String> = []

    init() {}

    /// What a server's announcement says; nothing for any other method.
    init(_ method: Method, of server: String) {
        switch method {
        case .toolsListChanged: note(.tools, of: server)
        case .promptsListChanged: note(.prompts, of: server)
        case .resourcesListChanged:
            note(.resources, of: server)
            note(.resourceTemplates, of: server)
        default: break
        }
    }

    var isEmpty: Bool { servers.isEmpty && profiles.isEmpty }

    mutating func note(_ kind: ListKind, of server: String) { servers[server, default: []].insert(kind) }
    mutating func note(profile: String) { profiles.insert(profile) }

    mutating func merge(_ other: ListChanges) {
        servers.merge(other.servers) { $0.union($1) }
        profiles.formUnion(other.profiles)
    }

    /// Whether one of a server's lists is in both.
    func overlaps(_ other: ListChanges, at server: String) -> Bool {
        guard let kinds = servers[server], let others = other.servers[server] else { return false }
        return !kinds.isDisjoint(with: others)
    }

    /// Takes out another's lists of one server.
    mutating func remove(_ other: ListChanges, at server: String) {
        servers[server]?.subtract(other.servers[server] ?? [])
        if servers[server]?.isEmpty ?? false { servers[server] = nil }
    }

    /// The kinds of lists that may look different at an address.
    func kinds(at endpoint: Endpoint, _ view: RoutingView) -> Set<ListKind> {
        switch endpoint {
        case .federated: return servers.values.reduce(into: []) { $0.formUnion($1) }
        case .server(let hub): return servers[hub.plan.name] ?? []
        case .restricted(_, let profile):
            if let profile, profiles.contains(profile) { return Set(ListKind.allCases) }
            let shown = Set(view.hubs(at: endpoint).map(\.plan.name))
            return servers.reduce(into: []) { kinds, server in
                if shown.contains(server.key) || view.hub(named: server.key) == nil {
                    kinds.formUnion(server.value)
                }
            }
        case .profile(let name):
            if profiles.contains(name) { return Set(ListKind.allCases) }
            return servers.reduce(into: []) { kinds, server in
                if view.profile(name, selects: server.key) { kinds.formUnion(server.value) }
            }
        }
    }
}
