import Identifiers
import Routing
import Sessions
import Synchronization
import Wire

/// Keeps one server's lists: gathers all pages of each, and again when they are stale or said to have
/// changed. Confined to the hub's home loop, but for `isFresh`.
final class ListKeeper: @unchecked Sendable {
    // Proof of Sendable: `freshUntil` has its lock; all else is touched on the hub's home loop alone.
    private unowned let hub: ServerHub
    private let freshUntil = Mutex(MonotonicTime(nanoseconds: 0))
    private var gathering: ListGathering?
    private var waiters: [@Sendable () -> Void] = []
    private var mustRepeat = false
    private var debounce: (any ScheduledWork)?
    /// Announcements in a row after which the lists were the same as before.
    private var idleChanges = 0
    private var hearsChanges = true

    private static let maxWaiters = 10_000
    private static let debounceMilliseconds = 100
    /// A server that announces changes over and over without any is asked less often; clients hear of a real
    /// change within this and the time to gather.
    private static let maxDebounceDoublings = 4
    /// How long a list counts as fresh if the server neither says so nor announces changes.
    private static let unannouncedMilliseconds = 10_000
    private static let announcedMilliseconds = 10 * 60_000
    /// How long a server that failed to list is left alone.
    private static let failedMilliseconds = 3_000

    init(hub: ServerHub) { self.hub = hub }

    /// Whether the lists may be served as they are; callable on any loop.
    func isFresh(_ now: MonotonicTime) -> Bool { freshUntil.withLock { now < $0 } }

    /// For how long yet; callable on any loop.
    func freshMilliseconds(_ now: MonotonicTime) -> Int {
        freshUntil.withLock { Int(clamping: $0.nanoseconds(since: now) / 1_000_000) }
    }

    private func setFresh(forMilliseconds milliseconds: Int) {
        let until = hub.gateway.clock().advanced(byMilliseconds: milliseconds)
        freshUntil.withLock { $0 = until }
    }

    /// The server announced a change; several within a moment count as one.
    func noteChange() {
        hub.home.assertCurrent()
        freshUntil.withLock { $0 = MonotonicTime(nanoseconds: 0) }
        if gathering != nil { mustRepeat = true }
        repeatSoon()
    }

    private func repeatSoon() {
        guard debounce == nil else { return }
        let delay = Self.debounceMilliseconds << min(idleChanges, Self.maxDebounceDoublings)
        debounce = hub.home.loop.schedule(after: .milliseconds(delay)) { [weak self] in
            guard let self else { return }
            self.debounce = nil
            if self.gathering == nil { self.gather() }
        }
    }

    /// The server's announcements can't be heard: its lists grow stale by themselves.
    func hearsNoChanges() {
        hearsChanges = false
        let latest = hub.gateway.clock().advanced(byMilliseconds: Self.unannouncedMilliseconds)
        freshUntil.withLock { $0 = min($0, latest) }
    }

    /// Gathers the lists of a server that has just become ready.
    func begin(_ completion: @escaping @Sendable () -> Void) {
        stop()
        hearsChanges = true
        refresh(completion)
    }

    /// Gathers the lists, or joins the gathering under way.
    /// - Parameter completion: called on the home loop, also when the server failed to list.
    func refresh(_ completion: @escaping @Sendable () -> Void) {
        hub.home.assertCurrent()
        guard waiters.count < Self.maxWaiters else { return completion() }
        waiters.append(completion)
        if gathering == nil { gather() }
    }

    /// The server is gone: whoever waits for its lists waits no longer.
    func stop() {
        debounce?.cancel()
        debounce = nil
        mustRepeat = false
        gathering?.cancel()
        gathering = nil
        freshUntil.withLock { $0 = MonotonicTime(nanoseconds: 0) }
        release()
    }

    private func gather() {
        guard let link = hub.controlLink, let facts = link.facts else { return release() }
        mustRepeat = false
        let gathering = ListGathering(hub: hub, link: link, facts: facts) { [weak self] gathering, listing in
            guard let self, self.gathering === gathering else { return }
            guard let listing else {
                self.setFresh(forMilliseconds: Self.failedMilliseconds)
                return self.published(gathering)
            }
            self.took(listing, facts, gathering)
        }
        self.gathering = gathering
        gathering.start()
    }

    private func took(_ listing: ServerListing, _ facts: ServerFacts, _ gathering: ListGathering) {
        if !mustRepeat { setFresh(forMilliseconds: freshMilliseconds(listing, facts)) }
        let old = hub.current.listing
        let isSame = ListKind.allCases.allSatisfy { kind in
            (old?[kind]?.items ?? []).elementsEqual(listing[kind]?.items ?? []) { $0.bytes == $1.bytes }
        }
        idleChanges = isSame ? min(idleChanges + 1, Self.maxDebounceDoublings) : 0
        hub.keepListing(listing)
        let hub = self.hub
        let home = hub.home
        hub.gateway.keep(listing, of: hub) { home.run { hub.lists.published(gathering) } }
    }

    /// Every loop knows what was gathered.
    private func published(_ gathering: ListGathering) {
        hub.home.assertCurrent()
        guard self.gathering === gathering else { return }
        self.gathering = nil
        let repeats = mustRepeat
        release()
        if repeats, self.gathering == nil { repeatSoon() }
    }

    private func release() {
        let waiting = waiters
        waiters = []
        for completion in waiting { completion() }
    }

    private func freshMilliseconds(_ listing: ServerListing, _ facts: ServerFacts) -> Int {
        let hints = ListKind.allCases.compactMap { listing[$0]?.ttlMilliseconds }
        if let shortest = hints.min() { return shortest }
        var announced: ServerCapabilities = []
        if listing.tools != nil { announced.insert(.toolsListChanged) }
        if listing.prompts != nil { announced.insert(.promptsListChanged) }
        if listing.resources != nil { announced.insert(.resourcesListChanged) }
        return hearsChanges && facts.offers(announced)
            ? Self.announcedMilliseconds : Self.unannouncedMilliseconds
    }
}
