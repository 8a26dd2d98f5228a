import Synchronization

/// A home whose store lies in memory, on a disk with faults that a test declares.
public final class MemoryHome: StoreHome {
    private struct State {
        var store: MemoryStore?
        var refusal: StorageError?
        var reportedBytes = 0
        var reclaims = 0
        var checkpoints: [String] = []
        var compactions = 0
    }

    public let disk: MemoryDisk
    private let state = Mutex(State())

    public init(_ disk: MemoryDisk = MemoryDisk()) { self.disk = disk }

    /// The store that was opened last.
    public var store: MemoryStore? { state.withLock { $0.store } }
    public var reclaims: Int { state.withLock { $0.reclaims } }
    /// The paths of the copies that were asked for; empty for those that the home itself names.
    public var checkpoints: [String] { state.withLock { $0.checkpoints } }
    public var compactions: Int { state.withLock { $0.compactions } }

    /// Lets opening and copying fail from now on; nil lets them be.
    public func refuse(_ error: StorageError?) { state.withLock { $0.refusal = error } }

    /// Says that each column family takes so many bytes.
    public func report(bytes: Int) { state.withLock { $0.reportedBytes = bytes } }

    public func open(_ families: [Family]) throws(StorageError) -> any OrderedStore {
        try refuseIfTold()
        let store = try MemoryStore(disk, families: families)
        state.withLock { $0.store = store }
        return store
    }

    public func bytes(of family: Family) -> Int { state.withLock { $0.reportedBytes } }

    public func reclaim(below end: [UInt8], in family: Family) throws(StorageError) {
        state.withLock { $0.reclaims += 1 }
    }

    public func checkpoint() throws(StorageError) { try checkpoint(to: "") }

    public func checkpoint(to path: String) throws(StorageError) {
        try refuseIfTold()
        state.withLock { $0.checkpoints.append(path) }
    }

    public func compact() throws(StorageError) {
        try refuseIfTold()
        state.withLock { $0.compactions += 1 }
    }

    private func refuseIfTold() throws(StorageError) {
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
    }
}
