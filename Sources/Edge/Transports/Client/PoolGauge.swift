import Synchronization

/// Counts the connections to one server and the requests that wait for one, over the pools of all loops.
package final class PoolGauge: Sendable {
    private let counts = Mutex((open: 0, waiting: 0))

    package init() {}

    /// Connections that are open or being opened.
    package var openCount: Int { counts.withLock { $0.open } }
    package var waitingCount: Int { counts.withLock { $0.waiting } }

    func opened(_ change: Int) { counts.withLock { $0.open += change } }
    func waits(_ change: Int) { counts.withLock { $0.waiting += change } }
}
