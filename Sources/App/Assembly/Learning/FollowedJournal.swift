import Foundation
import Orchestration
import RocksStorage
import Storage
import Synchronization

/// The gateway's journal as another process reads it: a secondary of its store, open while it is needed.
final class FollowedJournal: JournalSource {
    private struct State {
        var reader: StoreReader?
        var caughtUp = ContinuousClock.now
    }

    /// For so long what was read last is new enough.
    private static let fresh = Duration.milliseconds(500)

    private let path: String
    private let scratch: String
    private let keys: StoreKeys
    private let state = Mutex(State())

    /// - Parameter path: of the store.
    init(path: String, keys: StoreKeys) {
        self.path = path
        self.keys = keys
        scratch = NSTemporaryDirectory() + "attune-learner-\(UUID().uuidString)"
    }

    deinit { rest() }

    func reader() throws(StorageError) -> any OrderedReader {
        try state.withLock { state throws(StorageError) in
            let now = ContinuousClock.now
            if let reader = state.reader {
                if now - state.caughtUp >= Self.fresh {
                    try reader.catchUp()
                    state.caughtUp = now
                }
                return reader
            }
            var settings = RocksSettings()
            settings.cacheBytes = 8 << 20
            let files = try RocksSecondary(
                path, purpose: DataStore.core.rawValue, scratch: scratch, settings: settings)
            let reader = StoreReader(files, purpose: DataStore.core.rawValue, keys: keys)
            state.reader = reader
            state.caughtUp = now
            return reader
        }
    }

    func rest() {
        state.withLock { $0.reader = nil }
        try? FileManager.default.removeItem(atPath: scratch)
    }
}
