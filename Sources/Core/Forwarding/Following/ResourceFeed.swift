import Sessions
import Wire

/// What is followed of one server's resources through one link or listen stream: each resource is subscribed
/// to once, however many clients follow it. Confined to the hub's home loop.
final class ResourceFeed: @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on the hub's home loop.
    private enum State { case asked, subscribed, lost }

    private struct Item {
        let raw: [UInt8]
        var follows: [ObjectIdentifier: ResourceFollow] = [:]
        var waiters: [(FollowOutcome) -> Void] = []
        var state = State.asked
    }

    private let dropped: (ResourceFollow) -> Void
    private var items: [String: Item] = [:]
    private var carrier: (any ResourceCarrier)?

    /// - Parameter dropped: hears of each follow that the server refused.
    init(dropped: @escaping (ResourceFollow) -> Void) { self.dropped = dropped }

    var isEmpty: Bool { items.isEmpty }

    /// Subscribes through this carrier from now on.
    func use(_ carrier: (any ResourceCarrier)?) {
        guard self.carrier !== carrier else { return }
        self.carrier?.stop()
        lost()
        self.carrier = carrier
        for (uri, item) in items { carrier?.want(uri, raw: item.raw) }
    }

    func wake() { carrier?.wake() }

    func add(_ follow: ResourceFollow, _ completion: @escaping (FollowOutcome) -> Void) {
        let uri = follow.route.uri
        let isNew = items[uri] == nil
        items[uri, default: Item(raw: follow.route.rawURI)].follows[ObjectIdentifier(follow)] = follow
        if items[uri]?.state == .subscribed { return completion(.following) }
        items[uri]?.waiters.append(completion)
        if isNew { carrier?.want(uri, raw: follow.route.rawURI) }
    }

    func remove(_ follow: ResourceFollow) {
        let uri = follow.route.uri
        items[uri]?.follows[ObjectIdentifier(follow)] = nil
        guard let item = items[uri], item.follows.isEmpty else { return }
        items[uri] = nil
        carrier?.forgo(uri)
        for waiter in item.waiters { waiter(.failed(.broken("the client gave it up"))) }
    }

    // MARK: What the carrier says

    /// The server has answered for one URI.
    func settled(_ uri: String, _ outcome: FollowOutcome) {
        guard let item = items[uri] else { return }
        items[uri]?.waiters = []
        switch outcome {
        case .following:
            items[uri]?.state = .subscribed
            // What happened while nobody listened is made good by reading again.
            if item.state == .lost { tell(uri, item) }
        case .refused, .notOffered, .full:
            items[uri] = nil
            carrier?.forgo(uri)
            for follow in item.follows.values { dropped(follow) }
        case .failed: break
        }
        for waiter in item.waiters { waiter(outcome) }
    }

    /// The server has forgotten all subscriptions.
    func lost() {
        for (uri, item) in items where item.state == .subscribed { items[uri]?.state = .lost }
    }

    private func tell(_ uri: String, _ item: Item) {
        let message = GatewayMessages.resourceUpdated(uri: item.raw)
        guard let frame = try? Scanner.scan(message) else { return }
        for follow in item.follows.values { follow.follower.heard(message, frame, of: uri, follow) }
    }

    // MARK: What the server says

    /// - Returns: whether anybody follows the resource.
    @discardableResult
    func heard(_ message: [UInt8], _ frame: Frame) -> Bool {
        guard !items.isEmpty, !frame.params.isEmpty,
            let changed = JSONView(message, frame.params)["uri"]?.string,
            changed.utf8.count <= ResourceFollower.maxURIBytes
        else { return false }
        var isFollowed = false
        for uri in ResourceAncestry(changed) {
            guard let item = items[uri] else { continue }
            isFollowed = true
            for follow in item.follows.values { follow.follower.heard(message, frame, of: changed, follow) }
        }
        return isFollowed
    }
}
