import Storage
import Synchronization

/// A store that is always empty, and counts what is written to it.
final class DiscardingStore: OrderedStore {
    private final class Nothing: StoreCursor {
        func next() throws(StorageError) -> Entry? { nil }
    }

    let families: [Family] = []
    private let written = Mutex(0)

    /// Of keys and values.
    var bytes: Int { written.withLock { $0 } }

    func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? { nil }

    func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor { Nothing() }

    func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        written.withLock { $0 += batch.bytes }
    }

    func snapshot() throws(StorageError) -> any OrderedReader { self }
    func sync() throws(StorageError) {}
    func close() throws(StorageError) {}
}
