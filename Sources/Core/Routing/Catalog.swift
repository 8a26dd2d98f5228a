import Identifiers

/// What all servers offer, under the names that clients see. An immutable snapshot, equal for equal input
/// whatever the order in which the servers answered: servers in the configuration's order, items in each
/// server's own.
package final class Catalog: Sendable {
    /// Which snapshot this is; cursors of another generation are refused.
    package let generation: UInt64
    package let gateway: CatalogView
    /// `attune ls tools`, in the order of the list.
    package let toolRows: [ToolRow]
    private let profiles: [String: CatalogView]
    /// What each rule leaves of the whole gateway and of the profiles, for rules that restrict lists.
    private let restricted: [Selection: CatalogView]
    private let listings: [ServerID: ServerListing]
    private let owners: URIOwners
    private let observedTools: [ServerID: ObservedIDs]
    private let observedPrompts: [ServerID: ObservedIDs]
    /// By server and the server's own name, only of tools that mirror arguments in header fields.
    private let parameterHeaders: [ServerID: [String: [ParameterHeader]]]

    /// Builds the snapshot.
    /// - Parameters:
    ///   - generation: differs from that of every earlier snapshot, earlier processes' included.
    ///   - servers: all configured servers in the configuration's order, also those that have not answered.
    ///   - listings: of the servers that have answered, in any order; at most one a server.
    ///   - naming: gives what the exposed name of a tool or prompt is called in the shared region; 0 for
    ///     none.
    ///   - defaultTTLMilliseconds: for lists that carry no `ttlMs`, and while a server has not answered.
    /// - Complexity: O(bytes of all items × (1 + profiles) × (1 + rules)).
    package init(
        generation: UInt64, servers: [ServerRules], listings: [ServerListing], profiles: [Profile] = [],
        rules: [AccessRule] = [], defaultTTLMilliseconds: Int = 60_000, limits: PageLimits = .standard,
        naming: (ListKind, String) -> UInt32 = { _, _ in 0 }
    ) {
        let builder = CatalogBuilder(
            generation: generation, servers: servers, listings: listings,
            defaultTTLMilliseconds: defaultTTLMilliseconds, limits: limits, naming: naming)
        self.generation = generation
        gateway = builder.view(nil)
        self.profiles = Dictionary(profiles.map { ($0.name, builder.view($0)) }) { first, _ in first }
        var restricted: [Selection: CatalogView] = [:]
        for (index, rule) in rules.enumerated() where rule.restrictsLists {
            for profile in [nil] + profiles.map(Optional.some)
            where profile.map({ rule.profiles.admits($0.name) }) ?? true {
                restricted[Selection(rule: index, profile: profile?.name)] = builder.view(
                    profile, rule: rule, number: index)
            }
        }
        self.restricted = restricted
        self.listings = builder.listings
        owners = builder.owners
        toolRows = builder.toolRows
        observedTools = builder.ownNames(.tools)
        observedPrompts = builder.ownNames(.prompts)
        parameterHeaders = Self.parameterHeaders(builder.listings)
    }

    private static func parameterHeaders(
        _ listings: [ServerID: ServerListing]
    ) -> [ServerID: [String: [ParameterHeader]]] {
        listings.compactMapValues { listing in
            let annotated = (listing.tools?.items ?? []).filter { !$0.parameterHeaders.isEmpty }
            guard !annotated.isEmpty else { return nil }
            return Dictionary(annotated.map { ($0.name, $0.parameterHeaders) }) { first, _ in first }
        }
    }

    /// A snapshot of no servers.
    package static let empty = Catalog(generation: 0, servers: [], listings: [])

    package func view(profile: String) -> CatalogView? { profiles[profile] }

    private struct Selection: Hashable {
        let rule: Int
        let profile: String?
    }

    /// What a rule leaves of a profile, or of the whole gateway.
    /// - Parameter rule: its position among the rules; nil for what all see.
    package func view(profile: String?, rule: Int?) -> CatalogView? {
        if let rule, let view = restricted[Selection(rule: rule, profile: profile)] { return view }
        return profile.map { profiles[$0] } ?? gateway
    }

    /// What the server listed; nil until it has answered.
    package func listing(_ server: ServerID) -> ServerListing? { listings[server] }

    /// The arguments of a tool that are mirrored in header fields; nil for a tool without any.
    /// - Parameter tool: the server's own name.
    /// - Complexity: one comparison while no server has such tools.
    package func parameterHeaders(_ server: ServerID, tool: String) -> [ParameterHeader]? {
        parameterHeaders.isEmpty ? nil : parameterHeaders[server]?[tool]
    }

    /// What the shared region calls a tool or prompt; 0 for one that no list of the server holds.
    /// - Parameter name: the server's own.
    package func observedID(_ kind: ListKind, _ server: ServerID, named name: String) -> UInt32 {
        switch kind {
        case .tools: observedTools[server]?.find(name) ?? 0
        case .prompts: observedPrompts[server]?.find(name) ?? 0
        case .resources, .resourceTemplates: 0
        }
    }

    /// The item as its server listed it: schema, hints, parameter headers.
    package func item(_ kind: ListKind, _ route: Route) -> ListedItem? {
        guard let items = listings[route.server]?[kind]?.items, let index = route.index,
            items.indices.contains(index)
        else { return nil }
        return items[index]
    }

    /// The URI under which clients know a server's resource: unchanged, unless it belongs to another server.
    ///
    /// For what servers send of their own accord: updates, links and embedded resources.
    package func exposedURI(_ server: ServerID, _ uri: String) -> String {
        if let owned = owners.exposed(uri, by: server) { return owned }
        guard let route = gateway.resource(uri), route.server != server else { return uri }
        return owners.prefixed(uri, by: server)
    }
}
