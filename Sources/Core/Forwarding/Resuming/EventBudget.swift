import Synchronization

/// How many bytes the event logs of all sessions may hold together. Used from any loop.
final class EventBudget: Sendable {
    static let maxBytes = 64 << 20

    private let limit: Int
    private let used = Mutex(0)

    init(limit: Int = maxBytes) { self.limit = limit }

    var usedBytes: Int { used.withLock { $0 } }

    /// - Returns: false if there is no room.
    func take(_ bytes: Int) -> Bool {
        used.withLock { used in
            guard used + bytes <= limit else { return false }
            used += bytes
            return true
        }
    }

    func give(_ bytes: Int) { used.withLock { $0 -= bytes } }
}
