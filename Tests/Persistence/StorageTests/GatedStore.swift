import Foundation
import Storage
import Synchronization

/// A store whose first write waits until it is let through, as behind a slow disk.
final class GatedStore: OrderedStore {
    private let store: any OrderedStore
    private let isWriting = DispatchSemaphore(value: 0)
    private let gate = DispatchSemaphore(value: 0)
    private let sizes = Mutex<[Int]>([])

    init(_ store: any OrderedStore) { self.store = store }

    /// The operations of each write that was asked for.
    var writes: [Int] { sizes.withLock { $0 } }

    var families: [Family] { store.families }

    /// Returns when the first write is at the gate.
    func waitForWriter() { isWriting.wait() }
    func open() { gate.signal() }

    func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        let isFirst = sizes.withLock { sizes in
            sizes.append(batch.operations.count)
            return sizes.count == 1
        }
        if isFirst {
            isWriting.signal()
            gate.wait()
        }
        try store.write(batch, durability)
    }

    func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        try store.value(of: key, in: family)
    }

    func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        try store.cursor(over: range, in: family, direction)
    }

    func snapshot() throws(StorageError) -> any OrderedReader { try store.snapshot() }
    func sync() throws(StorageError) { try store.sync() }
    func close() throws(StorageError) { try store.close() }
}
