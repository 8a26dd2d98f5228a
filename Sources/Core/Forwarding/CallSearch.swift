import Synchronization

/// Finds calls over all loops. Costs a hop a loop and a look at every call in flight, so it is for rare
/// events only.
final class CallSearch: Sendable {
    private struct Shared {
        var missing: Int
        var found: [Call] = []
    }

    private let shared: Mutex<Shared>

    private init(loops: Int) { shared = Mutex(Shared(missing: loops)) }

    /// The calls that a request of the server behind `link` may belong to, in the order of their ids.
    /// - Parameter completion: called on `loop`.
    static func calls(
        on link: UpstreamLink, from loop: LoopGateway, _ completion: @escaping @Sendable ([Call]) -> Void
    ) {
        let loops = loop.gateway.loops
        let search = CallSearch(loops: loops.count)
        for other in loops {
            other.run {
                guard let found = search.add(other.calls.all { $0.mayBeAsked(by: link) }) else { return }
                loop.run { completion(found) }
            }
        }
    }

    /// - Returns: all of them once the last loop has looked.
    private func add(_ calls: [Call]) -> [Call]? {
        shared.withLock {
            $0.missing -= 1
            $0.found += calls
            return $0.missing == 0 ? $0.found.sorted { $0.requestID < $1.requestID } : nil
        }
    }
}
