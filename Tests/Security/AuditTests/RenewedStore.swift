import Dispatch
import Storage
import Synchronization

@testable import Audit

/// A store in memory that is opened anew after each failed write, as the gateway's is.
final class RenewedStore: OrderedStore {
    private struct State {
        var store: MemoryStore?
        /// What every operation meets instead.
        var fault: StorageError?
        /// What the next write waits for.
        var obstacle: Obstacle?
    }

    /// Where a write hangs until it is let go.
    struct Obstacle: Sendable {
        let met = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
    }

    let families = AuditFamilies.all
    private let disk: MemoryDisk
    private let state = Mutex(State())

    init(_ disk: MemoryDisk) { self.disk = disk }

    func fail(with fault: StorageError?) { state.withLock { $0.fault = fault } }
    func hangNextWrite() -> Obstacle {
        let obstacle = Obstacle()
        state.withLock { $0.obstacle = obstacle }
        return obstacle
    }

    func reopen() { state.withLock { $0.store = nil } }

    private func opened() throws(StorageError) -> MemoryStore {
        try state.withLock { state throws(StorageError) in
            if let fault = state.fault { throw fault }
            if let store = state.store { return store }
            let store = try MemoryStore(disk, families: families)
            state.store = store
            return store
        }
    }

    func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        try opened().value(of: key, in: family)
    }

    func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        try opened().cursor(over: range, in: family, direction)
    }

    func snapshot() throws(StorageError) -> any OrderedReader { try opened().snapshot() }

    func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        let obstacle = state.withLock { state in
            defer { state.obstacle = nil }
            return state.obstacle
        }
        obstacle?.met.signal()
        obstacle?.release.wait()
        do throws(StorageError) {
            try opened().write(batch, durability)
        } catch {
            reopen()
            throw error
        }
    }

    func sync() throws(StorageError) { try opened().sync() }
    func close() throws(StorageError) {}
}
