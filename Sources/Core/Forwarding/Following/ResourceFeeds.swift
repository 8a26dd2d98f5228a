import Identifiers
import Sessions
import Wire

/// What clients follow of one server's resources: who hears of them through which link. Confined to the hub's
/// home loop.
final class ResourceFeeds: @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on the hub's home loop.
    /// Whose link or listen stream serves a feed.
    enum Key: Hashable, Sendable {
        case everyone
        case principal(Principal, ClientCapabilities)
        /// By its number.
        case session(UInt64)
    }

    private struct Placed {
        let follow: ResourceFollow
        let isPatient: Bool
        /// nil while the server is away.
        var key: Key?
    }

    /// The most resources that all clients together follow at one server.
    static let maxFollows = 65_536

    private unowned let hub: ServerHub
    private var feeds: [Key: ResourceFeed] = [:]
    private var carriers: [Key: LegacyResourceCarrier] = [:]
    private var placed: [ObjectIdentifier: Placed] = [:]
    private var isClosed = false

    init(hub: ServerHub) { self.hub = hub }

    /// How many links or streams have subscriptions, or had some that are not given up yet.
    var count: Int { feeds.count }

    // MARK: What clients want

    /// - Parameters:
    ///   - isPatient: keeps the wish while the server is away.
    ///   - completion: called on the home loop.
    func add(
        _ follow: ResourceFollow, isPatient: Bool, _ completion: @escaping @Sendable (FollowOutcome) -> Void
    ) {
        hub.home.assertCurrent()
        let id = ObjectIdentifier(follow)
        guard !isClosed else {
            if isPatient { follow.follower.lost(follow) } else { follow.follower.forget(follow) }
            return completion(.failed(.removed))
        }
        guard placed[id] != nil || placed.count < Self.maxFollows else {
            follow.follower.forget(follow)
            return completion(.full(limit: Self.maxFollows))
        }
        if placed[id] == nil { placed[id] = Placed(follow: follow, isPatient: isPatient) }
        hub.settle(from: hub.home) { status in
            guard self.placed[id] != nil else { return completion(.failed(.removed)) }
            guard status.state == .up, let facts = self.hub.facts else {
                if !isPatient { self.drop(follow) }
                return completion(.failed(.unreachable(status.lastError ?? "it has not started")))
            }
            guard facts.mayTakeSubscriptions else {
                self.drop(follow)
                return completion(.notOffered)
            }
            self.place(id, facts) { outcome in
                if case .failed = outcome, !isPatient { self.drop(follow) }
                completion(outcome)
            }
        }
    }

    private func drop(_ follow: ResourceFollow) {
        remove(follow)
        follow.follower.forget(follow)
    }

    func remove(_ follow: ResourceFollow) {
        hub.home.assertCurrent()
        guard let key = placed.removeValue(forKey: ObjectIdentifier(follow))?.key else { return }
        feeds[key]?.remove(follow)
        discardIfEmpty(key)
    }

    private func place(
        _ id: ObjectIdentifier, _ facts: ServerFacts, _ completion: @escaping (FollowOutcome) -> Void
    ) {
        guard let entry = placed[id] else { return }
        let key = key(of: entry.follow.follower, facts)
        if let old = entry.key, old != key {
            feeds[old]?.remove(entry.follow)
            discardIfEmpty(old)
        }
        placed[id]?.key = key
        feed(key, entry.follow.follower, facts).add(entry.follow, completion)
    }

    private func key(of follower: ResourceFollower, _ facts: ServerFacts) -> Key {
        if hub.servesAll(facts) { return .everyone }
        return switch follower.holder {
        case .session(let session): .session(session.number)
        case .principal(let principal, let declared): .principal(principal, declared)
        }
    }

    private func feed(_ key: Key, _ follower: ResourceFollower, _ facts: ServerFacts) -> ResourceFeed {
        if let feed = feeds[key] { return feed }
        let feed = ResourceFeed { [weak self] follow in self?.drop(follow) }
        feeds[key] = feed
        if case .everyone = key, facts.era == .modern {
            feed.use(hub.watcher.carrier(for: feed))
        } else {
            let carrier = carrier(key, feed, follower)
            carriers[key] = carrier
            feed.use(carrier)
        }
        return feed
    }

    private func carrier(_ key: Key, _ feed: ResourceFeed, _ follower: ResourceFollower)
        -> LegacyResourceCarrier
    {
        let hub = hub
        let rested = { [weak self] in
            if let self { self.discardIfEmpty(key) }
        }
        switch follower.holder {
        case .session(let session) where key != .everyone:
            // The session's link listens while its client does.
            return LegacyResourceCarrier(hub: hub, feed: feed, mustHear: false, rested: rested) {
                [weak session] in session?.link(to: hub, on: hub.home)
            }
        case .principal(let principal, let declared) where key != .everyone:
            return LegacyResourceCarrier(hub: hub, feed: feed, mustHear: true, rested: rested) {
                hub.link(for: principal, declaring: declared, on: hub.home)
            }
        default:
            return LegacyResourceCarrier(hub: hub, feed: feed, mustHear: false, rested: rested) {
                [weak hub] in hub?.controlLink
            }
        }
    }

    private func discardIfEmpty(_ key: Key) {
        // The one for everyone goes with the server's session, not with its last follower. What is yet to be
        // unsubscribed from may be wanted again before it is, and both must not go by two ways.
        guard key != .everyone, let feed = feeds[key], feed.isEmpty, carriers[key]?.isAtRest ?? true else {
            return
        }
        feeds[key] = nil
        carriers[key] = nil
    }

    // MARK: What the server does

    /// A link brought a notification.
    func heard(_ message: [UInt8], as key: Key) {
        hub.home.assertCurrent()
        guard !feeds.isEmpty, let frame = try? Scanner.scan(message, limits: hub.gateway.scanLimits) else {
            return
        }
        for key in keys(sharing: key) { feeds[key]?.heard(message, frame) }
    }

    /// A link that was open has ended.
    func linkEnded(_ link: UpstreamLink, of key: Key) {
        hub.home.assertCurrent()
        for key in keys(sharing: key) { carriers[key]?.linkEnded(link) }
    }

    /// A principal's link may serve requests that declare more than the link does.
    private func keys(sharing key: Key) -> [Key] {
        guard case .principal(let principal, _) = key else { return [key] }
        return feeds.keys.filter { other in
            if case .principal(principal, _) = other { true } else { false }
        }
    }

    /// The server has started, perhaps in another era than before.
    func serverIsUp(_ facts: ServerFacts) {
        if let feed = feeds[.everyone] {
            if facts.era == .modern {
                carriers[.everyone] = nil
                feed.use(hub.watcher.carrier(for: feed))
            } else if carriers[.everyone] == nil, let follow = anyFollow(.everyone) {
                let carrier = carrier(.everyone, feed, follow.follower)
                carriers[.everyone] = carrier
                feed.use(carrier)
            }
        }
        guard facts.mayTakeSubscriptions else { return }
        for (id, entry) in placed where entry.key != key(of: entry.follow.follower, facts) {
            place(id, facts) { _ in }
        }
        for feed in feeds.values { feed.wake() }
    }

    private func anyFollow(_ key: Key) -> ResourceFollow? {
        placed.values.first { $0.key == key }?.follow
    }

    /// The stream of a server's control link broke and is opened again.
    func wasDeaf() { carriers[.everyone]?.wasDeaf() }

    /// The server's control link has ended.
    func serverIsDown(_ link: UpstreamLink) {
        carriers[.everyone]?.linkEnded(link)
    }

    /// The server left the configuration: its resources may be found at another.
    func close() {
        hub.home.assertCurrent()
        guard !isClosed else { return }
        isClosed = true
        for feed in feeds.values { feed.use(nil) }
        let ending = placed.values
        feeds = [:]
        carriers = [:]
        placed = [:]
        for entry in ending { entry.follow.follower.lost(entry.follow) }
        if !ending.isEmpty { hub.gateway.findStrays() }
    }
}
