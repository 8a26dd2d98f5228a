import Identifiers
import Routing
import Sessions
import Synchronization
import Wire

/// Keeps one server's lists: gathers all pages of each, and again when they are stale or said to have changed.
/// Confined to the hub's home loop, but for `isFresh`.
final class ListKeeper: @unchecked Sendable {
    // Proof of Sendable: `freshUntil` has its lock; all else is touched on the hub's home loop alone.
    private unowned let hub: ServerHub
    private let freshUntil = Mutex(MonotonicTime(nanoseconds: 0))
    private var gathering: ListGathering?
    private var waiters: [@Sendable () -> Void] = []
    private var mustRepeat = false
    private var debounce: (any ScheduledWork)?

    private static let debounceMilliseconds = 100
    /// How long a list counts as fresh if the server neither says so nor announces changes.
    private static let unannouncedMilliseconds = 10_000
    private static let announcedMilliseconds = 10 * 60_000

    init(hub: ServerHub) { self.hub = hub }

    /// Whether the lists may be served as they are; callable on any loop.
    func isFresh(_ now: MonotonicTime) -> Bool { freshUntil.withLock { now < $0 } }

    /// The server announced a change; several within a moment count as one.
    func noteChange() {
        freshUntil.withLock { $0 = MonotonicTime(nanoseconds: 0) }
        guard debounce == nil else { return }
        debounce = hub.home.loop.schedule(after: .milliseconds(Self.debounceMilliseconds)) { [weak self] in
            guard let self else { return }
            self.debounce = nil
            self.mustRepeat = self.gathering != nil
            self.refresh {}
        }
    }

    /// Gathers the lists, or joins the gathering under way.
    /// - Parameter completion: called on the home loop, also when the server failed to list.
    func refresh(_ completion: @escaping @Sendable () -> Void) {
        waiters.append(completion)
        if gathering == nil { gather() }
    }

    private func gather() {
        guard let link = hub.controlLink, let facts = link.facts else { return ended() }
        let gathering = ListGathering(hub: hub, link: link, facts: facts) { [weak self] listing in
            guard let self else { return }
            guard let listing else { return self.ended() }
            self.took(listing, facts)
        }
        self.gathering = gathering
        gathering.start()
    }

    private func ended() {
        gathering = nil
        mustRepeat = false
        let waiting = waiters
        waiters = []
        for completion in waiting { completion() }
    }

    private func took(_ listing: ServerListing, _ facts: ServerFacts) {
        freshUntil.withLock { $0 = .now.advanced(byMilliseconds: Self.freshMilliseconds(listing, facts)) }
        hub.keepListing(listing)
        let home = hub.home
        hub.gateway.keep(listing, of: hub.plan.id) { home.run { self.published() } }
    }

    private func published() {
        guard mustRepeat else { return ended() }
        mustRepeat = false
        gathering = nil
        gather()
    }

    private static func freshMilliseconds(_ listing: ServerListing, _ facts: ServerFacts) -> Int {
        let hints = ListKind.allCases.compactMap { listing[$0]?.ttlMilliseconds }
        if let shortest = hints.min() { return shortest }
        let announced: ServerCapabilities = [.toolsListChanged]
        return facts.offers(announced) ? announcedMilliseconds : unannouncedMilliseconds
    }
}

/// One pass over all lists that a server offers.
private final class ListGathering: @unchecked Sendable {
    // Proof of Sendable: confined to the hub's home loop.
    private unowned let hub: ServerHub
    private let link: UpstreamLink
    private let facts: ServerFacts
    private var completion: ((ServerListing?) -> Void)?
    private var listing: ServerListing
    private var kinds: [ListKind]
    private var list: ItemList?
    private var request: (any LinkRequest)?
    private var deadline: (any ScheduledWork)?

    private static let deadlineMilliseconds = 8_000

    init(
        hub: ServerHub, link: UpstreamLink, facts: ServerFacts,
        completion: @escaping (ServerListing?) -> Void
    ) {
        self.hub = hub
        self.link = link
        self.facts = facts
        self.completion = completion
        listing = ServerListing(server: hub.plan.id)
        kinds = ListKind.allCases.filter { kind in
            switch kind {
            case .tools: facts.offers(.tools)
            case .prompts: facts.offers(.prompts)
            case .resources, .resourceTemplates: facts.offers(.resources)
            }
        }
    }

    func start() {
        deadline = hub.home.loop.schedule(after: .milliseconds(Self.deadlineMilliseconds)) { [weak self] in
            guard let self, self.completion != nil else { return }
            self.request?.cancel()
            self.hub.log.warn("the server did not list in time")
            self.finish(nil)
        }
        nextKind()
    }

    private func nextKind() {
        guard let kind = kinds.first else { return finish(listing) }
        list = ItemList(kind)
        ask(kind, cursor: nil)
    }

    private func ask(_ kind: ListKind, cursor: [UInt8]?) {
        let id = hub.home.takeRequestID()
        let method = Method("\(kind.method)")
        let body = GatewayMessages.request(
            id: id, method, cursor: cursor, meta: ModernMeta(for: facts, as: link.identity))
        request = link.send(
            body, id: id, .own(method, facts), from: hub.home,
            ClosureObserver { [weak self] result in self?.took(kind, result) })
    }

    private func took(_ kind: ListKind, _ result: Result<ClosureObserver.Answer, LinkFailure>) {
        guard completion != nil else { return }
        switch result {
        case .failure(let failure):
            hub.log.warn(
                "listing failed", ["list": .string("\(kind.method)"), "reason": .string(failure.text)])
            return finish(nil)
        case .success(let answer) where answer.frame.kind == .result:
            do throws(ItemList.PageError) {
                let page = JSONView(answer.message, answer.frame.result)
                let next = try list?.append(
                    page: page, dropsInvalidHeaders: facts.era == .modern && hub.plan.transport == .http)
                if let next { return ask(kind, cursor: next) }
            } catch {
                hub.log.warn(
                    "a list breaks the protocol",
                    ["list": .string("\(kind.method)"), "reason": .string("\(error)")])
            }
        case .success: break
        }
        if let list {
            listing[kind] = list
            if !list.dropped.isEmpty {
                hub.log.warn(
                    "list items were left out",
                    ["list": .string("\(kind.method)"), "reasons": .string("\(list.dropped)")])
            }
        }
        kinds.removeFirst()
        nextKind()
    }

    private func finish(_ listing: ServerListing?) {
        deadline?.cancel()
        request = nil
        let completion = self.completion
        self.completion = nil
        completion?(listing)
    }
}
