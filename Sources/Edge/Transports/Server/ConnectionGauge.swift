import Synchronization

/// Counts the open connections of one listener, all loops together, and what it turned away.
final class ConnectionGauge: Sendable {
    private struct Counts {
        var open = 0
        var refusals: [Int: Int] = [:]
    }

    private let counts = Mutex(Counts())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Counts a new connection.
    /// - Returns: false if it is one too many; it is counted all the same until it closes.
    func open() -> Bool {
        counts.withLock {
            $0.open += 1
            return $0.open <= limit
        }
    }

    func close() {
        counts.withLock { $0.open -= 1 }
    }

    func refuse(_ status: Int) {
        counts.withLock { $0.refusals[status, default: 0] += 1 }
    }

    var openCount: Int { counts.withLock { $0.open } }

    /// The refusals of the transport itself by HTTP status.
    var refusals: [Int: Int] { counts.withLock { $0.refusals } }
}
