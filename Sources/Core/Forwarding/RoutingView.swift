import Identifiers
import Routing

/// Everything that a loop looks up to route a request: one immutable snapshot, replaced as a whole.
final class RoutingView: Sendable {
    let plan: GatewayPlan
    /// In the configuration's order.
    let hubs: [ServerHub]
    let catalog: Catalog
    let advice: AdviceBook
    private let byName: [String: ServerHub]
    private let byID: [ServerID: ServerHub]
    private let profiles: [String: Profile]

    init(plan: GatewayPlan, hubs: [ServerHub], catalog: Catalog, advice: AdviceBook) {
        self.plan = plan
        self.hubs = hubs
        self.catalog = catalog
        self.advice = advice
        byName = Dictionary(hubs.map { ($0.plan.name, $0) }) { first, _ in first }
        byID = Dictionary(hubs.map { ($0.plan.id, $0) }) { first, _ in first }
        profiles = Dictionary(plan.profiles.map { ($0.name, $0) }) { first, _ in first }
    }

    func hub(named name: some StringProtocol) -> ServerHub? { byName[String(name)] }
    func hub(_ id: ServerID) -> ServerHub? { byID[id] }

    /// Whether a profile shows a server of this name, configured or not.
    func profile(_ name: String, selects server: String) -> Bool {
        profiles[name].map { $0.servers.isEmpty || $0.servers.contains(server) } ?? false
    }

    func hasProfile(_ name: some StringProtocol) -> Bool { profiles[String(name)] != nil }

    /// The servers that an endpoint shows, in the configuration's order.
    func hubs(at endpoint: Endpoint) -> [ServerHub] {
        switch endpoint {
        case .federated: return hubs
        case .server(let hub): return [hub]
        case .profile(let name):
            guard let profile = profiles[name] else { return [] }
            return profile.servers.isEmpty ? hubs : hubs.filter { profile.servers.contains($0.plan.name) }
        }
    }

    /// The lists that an endpoint shows; nil for a transparent one, whose lists are the server's own.
    func lists(at endpoint: Endpoint) -> CatalogView? {
        switch endpoint {
        case .federated: catalog.gateway
        case .profile(let name): catalog.view(profile: name)
        case .server: nil
        }
    }

    func with(catalog: Catalog) -> RoutingView {
        RoutingView(plan: plan, hubs: hubs, catalog: catalog, advice: advice)
    }
}
