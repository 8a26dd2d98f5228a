import Identifiers
import Sessions
import Wire

/// Keeps one `subscriptions/listen` open at a modern server, for its lists and for the resources that clients
/// follow; opens it again when it ends. When other resources are wanted, the next one is acknowledged before
/// the one before ends, so that nothing is missed. Confined to the hub's home loop.
final class ServerListening: ResourceCarrier, @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on the hub's home loop.
    private unowned let hub: ServerHub
    private let link: UpstreamLink
    private let facts: ServerFacts
    private let lists: SubscriptionFilter
    weak var feed: ResourceFeed?
    private var wanted: Set<String> = []
    private var current: ServerListen?
    /// What the current one carries.
    private var carried = SubscriptionFilter()
    private var next: ServerListen?
    private var retry: (any ScheduledWork)?
    private var deadline: (any ScheduledWork)?
    private var failures = 0
    private var openedAt: MonotonicTime?
    private var isUpdating = false
    private var isStopped = false
    /// The server has refused to listen for lists alone.
    private var isRefused = false

    private static let acknowledgementMilliseconds = 5_000
    private static let maxFailures = 6
    /// A stream that lasted this long did not fail: servers close idle ones now and then.
    private static let goodMilliseconds = 5_000
    private static let firstPauseMilliseconds = 250...500

    init(_ link: UpstreamLink, _ facts: ServerFacts, hub: ServerHub) {
        self.link = link
        self.facts = facts
        self.hub = hub
        var lists = SubscriptionFilter()
        if facts.offers(.toolsListChanged) || facts.offers(.promptsListChanged)
            || facts.offers(.resourcesListChanged)
        {
            lists.toolsListChanged = true
            lists.promptsListChanged = true
            lists.resourcesListChanged = true
        }
        self.lists = lists
    }

    func start() { update() }

    func stop() {
        isStopped = true
        feed = nil
        retry?.cancel()
        retry = nil
        deadline?.cancel()
        deadline = nil
        next?.cancel()
        next = nil
        current?.cancel()
        current = nil
    }

    // MARK: What is wanted

    func want(_ uri: String, raw: [UInt8]) {
        if wanted.insert(uri).inserted { updateSoon() }
    }

    func forgo(_ uri: String) {
        if wanted.remove(uri) != nil { updateSoon() }
    }

    func wake() {
        guard retry != nil else { return }
        retry?.cancel()
        retry = nil
        update()
    }

    /// What is wanted in one turn of the loop makes one request.
    private func updateSoon() {
        guard !isUpdating else { return }
        isUpdating = true
        hub.home.loop.execute { [weak self] in
            self?.isUpdating = false
            self?.update()
        }
    }

    private var filter: SubscriptionFilter {
        var filter = isRefused ? SubscriptionFilter() : lists
        filter.resources = wanted.sorted()
        return filter
    }

    private func update() {
        guard !isStopped, next == nil, retry == nil else { return }
        let filter = self.filter
        if filter.isEmpty {
            current?.cancel()
            current = nil
            return
        }
        if current != nil, carried == filter { return }
        let listen = ServerListen(filter) { [weak self] in
            self?.taken($0)
        } heard: { [weak self] listen, message, frame in
            // Until the next one is acknowledged, the one before speaks.
            if let self, listen === self.current { self.heard(message, frame) }
        } ended: { [weak self] in
            self?.ended($0, $1)
        }
        next = listen
        deadline = hub.home.loop.schedule(after: .milliseconds(Self.acknowledgementMilliseconds)) {
            [weak self] in
            guard let self, self.next === listen else { return }
            listen.cancel()
            self.ended(listen, .failed(.timedOut(milliseconds: Self.acknowledgementMilliseconds)))
        }
        listen.send(on: link, facts, from: hub.home)
    }

    // MARK: What the server says

    private func taken(_ listen: ServerListen) {
        guard listen === next else { return }
        next = nil
        deadline?.cancel()
        let old = current
        current = listen
        openedAt = hub.gateway.clock()
        failures = 0
        old?.cancel()
        let agreed = Set(listen.agreed?.resources ?? [])
        carried = listen.filter
        carried.resources = listen.filter.resources.filter(agreed.contains)
        for uri in listen.filter.resources {
            feed?.settled(uri, agreed.contains(uri) ? .following : .refused(nil))
        }
        update()
    }

    private func heard(_ message: [UInt8], _ frame: Frame) {
        failures = 0
        if Method(of: frame, in: message) == .resourceUpdated { feed?.heard(message, frame) }
    }

    private func ended(_ listen: ServerListen, _ end: ServerListen.End) {
        if listen === current {
            current = nil
            if next == nil { feed?.lost() }
        } else if listen === next {
            next = nil
            deadline?.cancel()
            refuse(listen, end)
        } else {
            return
        }
        if next == nil { retryLater() }
    }

    /// Tells of the resources that were asked for and not had before.
    private func refuse(_ listen: ServerListen, _ end: ServerListen.End) {
        let known = Set(current == nil ? [] : carried.resources)
        let asked = listen.filter.resources.filter { !known.contains($0) }
        switch end {
        case .over: break
        case .failed(let failure): for uri in asked { feed?.settled(uri, .failed(failure)) }
        case .refused(let error):
            if asked.isEmpty, current == nil {
                isRefused = true
                hub.lists.hearsNoChanges()
            }
            for uri in asked { feed?.settled(uri, .refused(error)) }
        }
    }

    private func retryLater() {
        guard retry == nil, !isStopped, !filter.isEmpty, current == nil || carried != filter else { return }
        if let openedAt, hub.gateway.clock() >= openedAt.advanced(byMilliseconds: Self.goodMilliseconds) {
            failures = 0
        }
        failures = min(failures + 1, Self.maxFailures)
        let delay = Int.random(in: Self.firstPauseMilliseconds) << (failures - 1)
        retry = hub.home.loop.schedule(after: .milliseconds(delay)) { [weak self] in
            guard let self, !self.isStopped else { return }
            self.retry = nil
            // What was announced while nobody listened is made good by listing again.
            if self.current == nil { self.hub.listChanged() }
            self.update()
        }
    }
}
