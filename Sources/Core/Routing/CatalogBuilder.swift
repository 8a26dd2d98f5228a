import Identifiers
import Wire

/// Names, orders and renders the items of all servers for one `Catalog`.
struct CatalogBuilder {
    /// Templates of one server that URIs are matched against.
    static let maxTemplatesMatched = 1_000

    let listings: [ServerID: ServerListing]
    private(set) var owners: URIOwners
    private(set) var toolRows: [ToolRow] = []
    private let generation: UInt64
    private let servers: [ServerRules]
    private let defaultTTLMilliseconds: Int
    private let limits: PageLimits
    /// By the kind's raw value.
    private var entries: [[CatalogEntry]] = []

    init(
        generation: UInt64, servers: [ServerRules], listings: [ServerListing], defaultTTLMilliseconds: Int,
        limits: PageLimits, naming: (ListKind, String) -> UInt32
    ) {
        self.generation = generation
        self.servers = servers
        self.listings = Dictionary(listings.map { ($0.server, $0) }) { first, _ in first }
        self.defaultTTLMilliseconds = defaultTTLMilliseconds
        self.limits = limits
        owners = URIOwners(servers)
        for kind in ListKind.allCases {
            let byName = kind == .tools || kind == .prompts
            if !byName { claimURIs(kind) }
            entries.append(servers.flatMap { byName ? named(kind, $0, naming) : addressed(kind, $0) })
        }
        toolRows = entries[Int(ListKind.tools.rawValue)].map(row)
    }

    /// - Parameters:
    ///   - profile: nil for the whole gateway.
    ///   - rule: what hides a part of it from some principals.
    ///   - number: tells the rule's cursors from others.
    func view(_ profile: Profile?, rule: AccessRule? = nil, number: Int = 0) -> CatalogView {
        let selected = servers.filter { server in
            (profile.map { $0.servers.isEmpty || $0.servers.contains(server.name) } ?? true)
                && (rule?.servers.admits(server.name) ?? true)
        }
        let ids = Set(selected.map(\.id))
        let globs = profile?.tools ?? []
        let entries = ListKind.allCases.map { kind in
            self.entries[Int(kind.rawValue)].filter { entry in
                ids.contains(entry.route.server)
                    && (kind != .tools || globs.isEmpty || globs.contains { $0.matches(entry.exposedName) })
                    && (kind != .tools || rule?.tools.admits(entry.exposedName) ?? true)
            }
        }
        let withResources = selected.filter { rules in
            listings[rules.id].map { $0.resources != nil || $0.resourceTemplates != nil } ?? false
        }
        return CatalogView(
            name: (profile?.name ?? "") + (rule == nil ? "" : "\n\(number)"), generation: generation,
            entries: entries,
            caching: ListKind.allCases.map { hints($0, selected, isShared: rule == nil) }, limits: limits,
            servers: Dictionary(selected.map { ($0.name, $0.id) }) { first, _ in first },
            soleResourceServer: withResources.count == 1 ? withResources.first?.id : nil)
    }

    /// What differs between principals is private.
    private func hints(_ kind: ListKind, _ servers: [ServerRules], isShared: Bool) -> CachingHints {
        var hints = cachingHints(kind, servers)
        if !isShared { hints.scope = .private }
        return hints
    }

    /// The smallest `ttlMs`, and `private` unless every list is public. A server that has not answered counts
    /// as one without hints, because its answer will change the list.
    private func cachingHints(_ kind: ListKind, _ servers: [ServerRules]) -> CachingHints {
        var ttlMilliseconds: Int?
        var scope: CacheScope?
        for rules in servers {
            let list = listings[rules.id].map { $0[kind] } ?? ItemList(kind)
            guard let list else { continue }
            let own = list.ttlMilliseconds ?? defaultTTLMilliseconds
            ttlMilliseconds = min(ttlMilliseconds ?? own, own)
            scope = list.cacheScope == .public ? scope ?? .public : .private
        }
        return CachingHints(
            ttlMilliseconds: ttlMilliseconds ?? defaultTTLMilliseconds, scope: scope ?? .private)
    }

    /// By the servers' own names: what the tools, or the prompts, are called in the shared region.
    func ownNames(_ kind: ListKind) -> [ServerID: ObservedIDs] {
        var named: [ServerID: [(name: String, id: UInt32)]] = [:]
        for entry in entries[Int(kind.rawValue)] where entry.route.observedID != 0 {
            named[entry.route.server, default: []].append((entry.route.upstreamName, entry.route.observedID))
        }
        return named.mapValues { ObservedIDs($0) }
    }

    private func named(
        _ kind: ListKind, _ rules: ServerRules, _ naming: (ListKind, String) -> UInt32
    ) -> [CatalogEntry] {
        guard let items = listings[rules.id]?[kind]?.items else { return [] }
        let admitted = items.indices.filter { kind != .tools || rules.filter.admits(items[$0].name) }
        let names = ExposedName.assign(
            server: rules.name,
            admitted.map { index in
                let upstream = items[index].name
                return ExposedName.Claim(
                    upstream: upstream, rename: kind == .tools ? rules.renames[upstream] : nil)
            })
        return zip(admitted, names).compactMap { index, name in
            guard let name else { return nil }
            let item = items[index]
            var entry = entry(item, rules, index, name, [UInt8]("\"\(name)\"".utf8))
            entry.route.observedID = naming(kind, name)
            return entry
        }
    }

    private mutating func claimURIs(_ kind: ListKind) {
        for rules in servers {
            for item in listings[rules.id]?[kind]?.items ?? [] { owners.claim(item.name, for: rules.id) }
        }
    }

    private func addressed(_ kind: ListKind, _ rules: ServerRules) -> [CatalogEntry] {
        guard let items = listings[rules.id]?[kind]?.items else { return [] }
        return items.enumerated().map { index, item in
            let exposed = owners.exposed(item.name, by: rules.id) ?? item.name
            let nameJSON = item.nameJSON
            let prefixed = nameJSON.prefix(1) + owners.prefix(rules.id).utf8 + nameJSON.dropFirst()
            var entry = entry(item, rules, index, exposed, exposed == item.name ? nil : Array(prefixed))
            if kind == .resourceTemplates && index < Self.maxTemplatesMatched {
                entry.template = URITemplate(item.name)
            }
            return entry
        }
    }

    /// - Parameter nameJSON: stands in place of the server's own name; nil leaves the item as it is.
    private func entry(
        _ item: ListedItem, _ rules: ServerRules, _ index: Int, _ exposedName: String, _ nameJSON: [UInt8]?
    ) -> CatalogEntry {
        var bytes = item.bytes
        if let nameJSON {
            var splice = Splice()
            splice.replace(item.nameRange, with: nameJSON)
            bytes = splice.apply(to: bytes)
        }
        let route = Route(
            server: rules.id, upstreamName: item.name, upstreamNameJSON: item.nameJSON, index: index)
        return CatalogEntry(exposedName: exposedName, bytes: bytes, route: route)
    }

    private func row(_ entry: CatalogEntry) -> ToolRow {
        let route = entry.route
        return ToolRow(
            name: entry.exposedName, server: servers.first { $0.id == route.server }?.name ?? "",
            upstreamName: route.upstreamName,
            title: route.index.flatMap { listings[route.server]?.tools?.items[$0].title })
    }
}
