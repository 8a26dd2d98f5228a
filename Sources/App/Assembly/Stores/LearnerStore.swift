import RocksStorage
import Storage
import Synchronization

/// Where the learner's own store is, for its keeper.
final class LearnerStore: StoreHome {
    let path: String
    private let directory: String
    private let settings: RocksSettings
    private let keys: StoreKeys
    private let opened = Mutex<RocksStore?>(nil)

    /// - Parameter directory: of all stores of the gateway.
    init(directory: String, compression: RocksSettings.Compression, keys: StoreKeys) {
        self.directory = directory
        path = "\(directory)/\(DataStore.learner.rawValue)"
        self.keys = keys
        // A model changes by little, seldom: most of its memory is the learner's.
        var settings = RocksSettings()
        settings.compression = compression
        settings.writeBufferBytes = 4 << 20
        settings.cacheBytes = 8 << 20
        settings.logBytes = 16 << 20
        self.settings = settings
    }

    func open(_ families: [Family]) throws(StorageError) -> any OrderedStore {
        opened.withLock { $0 = nil }
        let store = try DataStore.learner.open(at: path, keys: keys, families: families, settings: settings)
        opened.withLock { $0 = store.files }
        return store.store
    }

    func bytes(of family: Family) -> Int {
        guard let statistics = try? opened.withLock({ $0 })?.statistics(),
            let part = statistics.families.first(where: { $0.family == family })
        else { return 0 }
        return Int(clamping: part.fileBytes)
    }

    func reclaim(below end: [UInt8], in family: Family) throws(StorageError) {
        try store().reclaim(below: end, in: family)
    }

    /// Makes none: the gateway's copies are of its own store, and versions are never overwritten.
    func checkpoint() throws(StorageError) {}

    func checkpoint(to path: String) throws(StorageError) {
        try DataStore.learner.checkpoint(
            try store(), to: path, ring: KeyRingFile(dataDirectory: directory))
    }

    func compact() throws(StorageError) { try store().compact() }

    private func store() throws(StorageError) -> RocksStore {
        guard let store = opened.withLock({ $0 }) else { throw .closed }
        return store
    }
}
