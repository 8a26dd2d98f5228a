import Synchronization

/// The shards of a table, each behind its lock, in the owner's own memory.
@safe
final class LockedShards: @unchecked Sendable {
    // Proof: each shard is reached only under its lock, and the cells are there as long as the object.
    private struct Cell: ~Copyable {
        let lock = Mutex<Void>(())
        var shard: Shard
    }

    private let cells: UnsafeMutablePointer<Cell>
    let count: Int

    init(count: Int, _ make: (Int) -> Shard) {
        unsafe cells = UnsafeMutablePointer<Cell>.allocate(capacity: count)
        self.count = count
        for index in 0..<count { unsafe (cells + index).initialize(to: Cell(shard: make(index))) }
    }

    deinit {
        unsafe cells.deinitialize(count: count)
        unsafe cells.deallocate()
    }

    @inline(__always)
    func withLock<Result, Failure>(
        _ index: Int, _ body: (inout Shard) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(index >= 0 && index < count)
        unsafe cells[index].lock._unsafeLock()
        defer { unsafe cells[index].lock._unsafeUnlock() }
        return try unsafe body(&cells[index].shard)
    }
}
