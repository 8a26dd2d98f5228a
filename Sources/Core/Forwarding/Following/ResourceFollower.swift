import Identifiers
import Sessions
import Synchronization
import Wire

/// A client that follows resources: a legacy session, or one listen stream of a modern client. Used from any
/// loop.
final class ResourceFollower: Sendable {
    /// In whose name servers are asked that do not serve everyone on one link.
    enum Holder: Sendable {
        case session(LegacySession)
        /// And what its requests declare.
        case principal(Principal, ClientCapabilities)

        var principal: Principal {
            switch self {
            case .session(let session): session.principal
            case .principal(let principal, _): principal
            }
        }
    }

    private struct Entry {
        let follow: ResourceFollow
        /// The client's requests for it that are not answered yet.
        var waiting: Set<CallID> = []
        /// Whether the client has been told that it follows the resource.
        var isAgreed = false
    }

    private struct Shared {
        /// By the URI that the client knows.
        var follows: [String: Entry] = [:]
        /// Those whose server has left the configuration.
        var strays: Set<String> = []
        var isEnded = false
    }

    static let maxResources = SubscriptionFilter.maxResources
    static let maxURIBytes = 8 * 1024

    let holder: Holder
    let endpoint: Endpoint
    /// The raw id of a modern client's listen request; nil for a legacy session.
    private let subscriptionID: [UInt8]?
    private let gateway: Gateway
    private let take: @Sendable ([UInt8]) -> Void
    private let shared = Mutex(Shared())

    /// - Parameter take: sends a notification to the client; called on any loop.
    init(
        _ holder: Holder, at endpoint: Endpoint, subscriptionID: [UInt8]?, gateway: Gateway,
        take: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.holder = holder
        self.endpoint = endpoint
        self.subscriptionID = subscriptionID
        self.gateway = gateway
        self.take = take
    }

    var count: Int { shared.withLock { $0.follows.count } }

    // MARK: What the client wants

    /// Follows a resource; one that is followed already is not followed twice.
    /// - Parameters:
    ///   - request: the client's, on whose failure the wish ends; nil keeps it while the server is away.
    ///   - completion: called on `loop` when the server has agreed or it is known that it will not soon.
    func follow(
        _ uri: String, raw: [UInt8], _ route: ResourceRoute, for request: CallID?,
        from loop: LoopGateway,
        _ completion: @escaping @Sendable (FollowOutcome) -> Void
    ) {
        let (made, replaced) = shared.withLock { shared -> (ResourceFollow?, ResourceFollow?) in
            let known = shared.follows[uri]
            let hasRoom = known != nil || shared.follows.count < Self.maxResources
            guard hasRoom, !shared.isEnded else { return (nil, nil) }
            if let known = known?.follow, known.route.hub === route.hub, known.route.uri == route.uri {
                if let request { shared.follows[uri]?.waiting.insert(request) }
                return (known, nil)
            }
            let follow = ResourceFollow(self, uri: uri, rawURI: raw, route: route)
            var entry = Entry(follow: follow)
            entry.isAgreed = known?.isAgreed ?? false
            entry.waiting = known?.waiting ?? []
            if let request { entry.waiting.insert(request) }
            shared.follows[uri] = entry
            shared.strays.remove(uri)
            return (follow, known?.follow)
        }
        if let replaced { Self.forgo(replaced) }
        guard let follow = made else { return completion(.full(limit: Self.maxResources)) }
        let hub = route.hub
        hub.home.run {
            hub.feeds.add(follow, isPatient: request == nil) { outcome in loop.run { completion(outcome) } }
        }
    }

    func unfollow(_ uri: String) {
        let follow = shared.withLock { shared -> ResourceFollow? in
            shared.strays.remove(uri)
            return shared.follows.removeValue(forKey: uri)?.follow
        }
        if let follow { Self.forgo(follow) }
    }

    /// The client has been told that a request of its own has made it follow the resource.
    func agreed(_ uri: String, for request: CallID) {
        shared.withLock { shared in
            guard shared.follows[uri]?.waiting.remove(request) != nil else { return }
            shared.follows[uri]?.isAgreed = true
        }
    }

    /// A request came to nothing that the client knows of: what only it asked for is not followed.
    func giveUp(_ uri: String, for request: CallID) {
        let unwanted = shared.withLock { shared -> ResourceFollow? in
            guard shared.follows[uri]?.waiting.remove(request) != nil, let entry = shared.follows[uri],
                entry.waiting.isEmpty, !entry.isAgreed
            else { return nil }
            shared.strays.remove(uri)
            shared.follows[uri] = nil
            return entry.follow
        }
        if let unwanted { Self.forgo(unwanted) }
    }

    /// The client is gone, or listens no more.
    func end() {
        let follows = shared.withLock { shared -> [ResourceFollow] in
            shared.isEnded = true
            defer {
                shared.follows = [:]
                shared.strays = []
            }
            return shared.follows.values.map(\.follow)
        }
        gateway.strays.remove(self)
        for follow in follows { Self.forgo(follow) }
    }

    private static func forgo(_ follow: ResourceFollow) {
        let hub = follow.route.hub
        hub.home.run { hub.feeds.remove(follow) }
    }

    /// The server has refused, or the wish did not outlive a failure.
    func forget(_ follow: ResourceFollow) {
        shared.withLock { shared in
            if shared.follows[follow.uri]?.follow === follow { shared.follows[follow.uri] = nil }
        }
    }

    // MARK: Servers that come and go

    /// The server has left the configuration; another may take its place.
    func lost(_ follow: ResourceFollow) {
        let isWanted = shared.withLock { shared -> Bool in
            guard !shared.isEnded, shared.follows[follow.uri]?.follow === follow else { return false }
            shared.strays.insert(follow.uri)
            return true
        }
        if isWanted { gateway.strays.insert(self) }
    }

    /// Follows at their new servers the resources whose servers have gone.
    /// - Returns: whether all have found one.
    func findAgain(on loop: LoopGateway) -> Bool {
        let strays = shared.withLock { shared in shared.strays.compactMap { shared.follows[$0]?.follow } }
        for stray in strays {
            let found = loop.view.resource(
                stray.uri, raw: stray.rawURI, at: endpoint, for: holder.principal)
            guard let route = found, route.hub !== stray.route.hub
            else { continue }
            follow(stray.uri, raw: stray.rawURI, route, for: nil, from: loop) { _ in }
        }
        return shared.withLock { $0.strays.isEmpty }
    }

    // MARK: What the server says

    /// Passes on that a resource has changed, or one below it.
    func heard(_ message: [UInt8], _ frame: Frame, of changed: String, _ follow: ResourceFollow) {
        guard shared.withLock({ $0.follows[follow.uri]?.follow === follow }) else { return }
        take(
            NotificationBridge.resourceUpdated(
                message, frame, uri: follow.exposed(changed), subscriptionID: subscriptionID))
    }
}
