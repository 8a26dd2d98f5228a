import Foundation
import Orchestration
import RocksStorage
import Storage
import Synchronization

/// The gateway's journal as another process reads it: a secondary of its store, open while it is needed.
final class FollowedJournal: JournalSource {
    private struct State {
        var secondary: RocksSecondary?
        var caughtUp = ContinuousClock.now
    }

    /// For so long what was read last is new enough.
    private static let fresh = Duration.milliseconds(500)

    private let path: String
    private let scratch: String
    private let state = Mutex(State())

    /// - Parameter path: of the store.
    init(path: String) {
        self.path = path
        scratch = NSTemporaryDirectory() + "attune-learner-\(UUID().uuidString)"
    }

    deinit { rest() }

    func reader() throws(StorageError) -> any OrderedReader {
        try state.withLock { state throws(StorageError) in
            let now = ContinuousClock.now
            if let secondary = state.secondary {
                if now - state.caughtUp >= Self.fresh {
                    try secondary.catchUp()
                    state.caughtUp = now
                }
                return secondary
            }
            var settings = RocksSettings()
            settings.cacheBytes = 8 << 20
            let secondary = try RocksSecondary(
                path, purpose: DataStore.core.rawValue, scratch: scratch, settings: settings)
            state.secondary = secondary
            state.caughtUp = now
            return secondary
        }
    }

    func rest() {
        state.withLock { $0.secondary = nil }
        try? FileManager.default.removeItem(atPath: scratch)
    }
}
