import Dispatch
import Synchronization

/// Answers questions that may wait for the disk, one after the other, off the event loops.
final class QueryDesk: Sendable {
    /// Questions that wait; one more is turned away.
    private static let mostWaiting = 64

    private let queue = DispatchQueue(label: "attune-queries", qos: .utility)
    private let waiting = Mutex(0)

    /// - Returns: false if too many wait already; the work is not done then.
    func ask(_ work: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = waiting.withLock { waiting in
            guard waiting < Self.mostWaiting else { return false }
            waiting += 1
            return true
        }
        guard isTaken else { return false }
        queue.async { [self] in
            work()
            waiting.withLock { $0 -= 1 }
        }
        return true
    }
}
