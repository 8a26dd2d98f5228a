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
    /// Whether every client may do everything without showing who it is.
    let isOpen: Bool
    /// Whether all principals see the same and have no limits.
    let isSameForAll: Bool
    /// Servers as some principals use them.
    private let variants: [ServerVariant.Key: ServerHub]

    init(
        plan: GatewayPlan, hubs: [ServerHub], variants: [ServerVariant.Key: ServerHub] = [:],
        catalog: Catalog,
        advice: AdviceBook
    ) {
        self.variants = variants
        isOpen = plan.access.isOpen
        isSameForAll = plan.access.rules.isEmpty && variants.isEmpty
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
        case .restricted(let principal, let profile):
            let all = hubs(at: profile.map { .profile($0) } ?? .federated)
            guard let rule = rule(of: principal) else { return all }
            return all.filter { rule.servers.admits($0.plan.name) }
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
        case .restricted(let principal, let profile):
            catalog.view(profile: profile, rule: plan.access.rule(of: principal))
        case .server: nil
        }
    }

    // MARK: Access

    /// The servers and their variants.
    var allHubs: [ServerHub] { hubs + variants.values }

    /// The server as this principal uses it.
    /// - Complexity: a comparison while there are no variants.
    func variant(of hub: ServerHub, for principal: Principal) -> ServerHub {
        if variants.isEmpty { return hub }
        return variants[ServerVariant.Key(server: hub.plan.id, principal: principal)] ?? hub
    }

    func isVariant(_ hub: ServerHub) -> Bool { variants.values.contains { $0 === hub } }

    /// Whether a server takes all principals for one, so that the gateway keeps each to its own tasks.
    func mixesTasks(of hub: ServerHub) -> Bool {
        guard !isOpen, !isVariant(hub) else { return false }
        // One that was never there may prove to be such a server.
        return hub.facts.map { hub.servesAll($0) } ?? true
    }

    /// Whether a client knows a server's tasks by ids of the gateway's.
    func sealsTasks(of hub: ServerHub, at endpoint: Endpoint) -> Bool {
        endpoint.hub == nil || mixesTasks(of: hub)
    }

    /// Whether a principal's places differ from those of the others.
    func isSpecial(_ principal: Principal) -> Bool {
        rule(of: principal) != nil || variants.keys.contains { $0.principal == principal }
    }

    func rule(of principal: Principal) -> AccessRule? {
        plan.access.rule(of: principal).map { plan.access.rules[$0] }
    }

    /// What a principal's rule leaves of a place.
    func restricted(_ place: LoopGateway.Place, for principal: Principal) -> LoopGateway.Place {
        guard isSpecial(principal) else { return place }
        let rule = rule(of: principal)
        switch place {
        case .mcp(let endpoint): return restricted(endpoint, rule, principal).map { .mcp($0) } ?? .forbidden
        case .events(let endpoint):
            return restricted(endpoint, rule, principal).map { .events($0) } ?? .forbidden
        case .messages, .forbidden: return place
        }
    }

    private func restricted(_ endpoint: Endpoint, _ rule: AccessRule?, _ principal: Principal) -> Endpoint? {
        switch endpoint {
        case .server(let hub):
            rule?.servers.admits(hub.plan.name) ?? true ? .server(variant(of: hub, for: principal)) : nil
        case .federated: .restricted(principal, profile: nil)
        case .profile(let name):
            rule?.profiles.admits(name) ?? true ? .restricted(principal, profile: name) : nil
        case .restricted: endpoint
        }
    }

    /// The tools that a principal sees at a server's own address, by the server's own names; nil for all.
    func tools(of hub: ServerHub, for principal: Principal) -> (@Sendable (String) -> Bool)? {
        guard !isSameForAll, let rule = rule(of: principal), rule.tools != .all else {
            return nil
        }
        let rules = hub.plan.rules
        return { rule.tools.admits("\(rules.name)__\(rules.renames[$0] ?? $0)") }
    }

    func with(catalog: Catalog) -> RoutingView {
        RoutingView(plan: plan, hubs: hubs, variants: variants, catalog: catalog, advice: advice)
    }
}
