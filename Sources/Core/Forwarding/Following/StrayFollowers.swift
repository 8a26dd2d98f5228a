import Synchronization

/// The clients that follow resources of servers that have left the configuration: when lists change, the
/// resources may be found at other servers. Used from any loop.
final class StrayFollowers: Sendable {
    private let followers = Mutex<[ObjectIdentifier: ResourceFollower]>([:])

    func insert(_ follower: ResourceFollower) {
        followers.withLock { $0[ObjectIdentifier(follower)] = follower }
    }

    func remove(_ follower: ResourceFollower) {
        followers.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(follower)) }
    }

    /// Looks for servers by what `loop` knows of them.
    func findAgain(on loop: LoopGateway) {
        for follower in followers.withLock({ Array($0.values) }) {
            remove(follower)
            if !follower.findAgain(on: loop) { insert(follower) }
        }
    }
}
