import ModelHistory
import RocksStorage
import Storage
import TestSupport

/// The kinds of stores that a history is to be the same on.
enum Backing: CaseIterable {
    case memory, rocks

    func store() throws -> any OrderedStore {
        switch self {
        case .memory: return try MemoryStore(families: ModelRepository.families)
        case .rocks:
            let folder = try PrivateFolder()
            let store = try RocksStore(
                folder.path + "/s", purpose: "test", families: ModelRepository.families)
            return FolderStore(store, folder)
        }
    }
}

/// A store whose folder goes with it.
private final class FolderStore: OrderedStore {
    private let inner: RocksStore
    // Proof: a folder is a constant path, and goes when nobody has the store any more.
    private nonisolated(unsafe) let folder: PrivateFolder

    init(_ inner: RocksStore, _ folder: PrivateFolder) {
        self.inner = inner
        // Proof: nobody has this object yet.
        unsafe self.folder = folder
    }

    deinit { try? inner.close() }

    var families: [Family] { inner.families }

    func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        try inner.value(of: key, in: family)
    }

    func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        try inner.cursor(over: range, in: family, direction)
    }

    func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        try inner.write(batch, durability)
    }

    func snapshot() throws(StorageError) -> any OrderedReader { try inner.snapshot() }
    func sync() throws(StorageError) { try inner.sync() }
    func close() throws(StorageError) { try inner.close() }
}
