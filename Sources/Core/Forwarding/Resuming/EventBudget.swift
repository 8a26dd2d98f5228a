import Synchronization
import Telemetry

/// How many bytes the event logs of all sessions may hold together. Used from any loop.
///
/// Three quarters of the account that sessions are counted in at most, so that events never keep sessions
/// out.
final class EventBudget: Sendable {
    static let maxBytes = 64 << 20

    private let limit: Int
    private let account: MemoryAccount?
    private let used = Mutex(0)

    /// - Parameter account: what the bytes are counted in besides; its budget then gives the limit.
    init(limit: Int = maxBytes, account: MemoryAccount? = nil) {
        self.limit = account.map { $0.budgetBytes / 4 * 3 } ?? limit
        self.account = account
    }

    var usedBytes: Int { used.withLock { $0 } }

    /// - Returns: false if there is no room.
    func take(_ bytes: Int) -> Bool {
        used.withLock { used in
            guard used + bytes <= limit, account?.reserve(bytes) ?? true else { return false }
            used += bytes
            return true
        }
    }

    func give(_ bytes: Int) {
        used.withLock { $0 -= bytes }
        account?.release(bytes)
    }
}
