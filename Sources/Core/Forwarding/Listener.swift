import Identifiers
import Sessions
import Synchronization

/// One `subscriptions/listen` of a modern client. Used from any loop.
final class Listener: Sendable {
    private enum State { case asked, acknowledged, ended }

    private struct Shared {
        var state = State.asked
        var filter = SubscriptionFilter()
        var follower: ResourceFollower?
        /// What came before the client was told to what it listens.
        var held: [[UInt8]] = []
        /// When the client was last passed each of a server's own announcements.
        var announcements: [Method: MonotonicTime] = [:]
        var endings: [@Sendable () -> Void] = []
    }

    /// The raw id of the request.
    let id: [UInt8]
    let stream: ClientStream
    let principal: Principal
    private let shared = Mutex(Shared())

    init(id: [UInt8], of principal: Principal, on stream: ClientStream) {
        self.id = id
        self.principal = principal
        self.stream = stream
    }

    func wants(_ method: Method) -> Bool {
        shared.withLock { $0.state == .acknowledged && $0.filter.wants(method) }
    }

    /// A server's own announcement has just been passed on.
    func told(_ method: Method, now: MonotonicTime) {
        shared.withLock { $0.announcements[method] = now }
    }

    /// Whether one was, so that the gateway's, which comes after it listed again, need not follow; true once
    /// for each.
    func wasJustTold(_ method: Method, now: MonotonicTime) -> Bool {
        guard let last = shared.withLock({ $0.announcements.removeValue(forKey: method) }) else {
            return false
        }
        return now < last.advanced(byMilliseconds: LegacySession.announcementMilliseconds)
    }

    /// Sends what the client asked for: after the acknowledgement.
    func offer(_ message: [UInt8]) {
        let isReady = shared.withLock { shared -> Bool in
            if shared.state == .asked, shared.held.count < ClientStream.maxOwed,
                !shared.held.contains(message)
            {
                shared.held.append(message)
            }
            return shared.state == .acknowledged
        }
        if isReady { stream.offer(message) }
    }

    /// - Returns: false if the client listens no more.
    func follow(with follower: ResourceFollower) -> Bool {
        shared.withLock { shared in
            guard shared.state != .ended else { return false }
            shared.follower = follower
            return true
        }
    }

    /// Tells the client what it will hear of; called once, on the stream's loop.
    func acknowledge(_ filter: SubscriptionFilter) {
        let held = shared.withLock { shared -> [[UInt8]]? in
            guard shared.state == .asked else { return nil }
            shared.state = .acknowledged
            shared.filter = filter
            defer { shared.held = [] }
            return shared.held
        }
        guard let held else { return }
        stream.send(GatewayMessages.acknowledged(filter, subscriptionID: id), isDroppable: false)
        for message in held { stream.offer(message) }
    }

    /// The client listens no more, or is gone.
    func end() {
        let (follower, endings) = shared.withLock { shared in
            shared.state = .ended
            shared.held = []
            defer { shared.endings = [] }
            return (shared.follower.take(), shared.endings)
        }
        follower?.end()
        for ending in endings { ending() }
    }

    /// - Parameter body: called once, on any loop, when the client listens no more.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        let isOver = shared.withLock { shared -> Bool in
            if shared.state != .ended { shared.endings.append(body) }
            return shared.state == .ended
        }
        if isOver { body() }
    }
}
