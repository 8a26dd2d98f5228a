import CSharedMemory
import Synchronization

/// The shards of a table, each behind its lock, in the owner's own memory.
@safe
final class LockedShards: @unchecked Sendable {
    // Proof: each shard is reached only under its lock, and both are there as long as the object.
    /// A line of the cache for each, so that threads on different shards do not meet there.
    private struct Lock: ~Copyable {
        let mutex = Mutex<Void>(())
        private let filling: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
    }

    private let locks: UnsafeMutablePointer<Lock>
    /// Apart from the locks, which threads reach that hold none.
    private let shards: UnsafeMutablePointer<Shard>
    let count: Int

    init(count: Int, _ make: (Int) -> Shard) {
        unsafe locks = UnsafeMutablePointer<Lock>.allocate(capacity: count)
        unsafe shards = UnsafeMutablePointer<Shard>.allocate(capacity: count)
        self.count = count
        for index in 0..<count {
            unsafe (locks + index).initialize(to: Lock())
            unsafe (shards + index).initialize(to: make(index))
        }
    }

    deinit {
        unsafe locks.deinitialize(count: count)
        unsafe locks.deallocate()
        unsafe shards.deinitialize(count: count)
        unsafe shards.deallocate()
    }

    @inline(__always)
    func withLock<Result, Failure>(
        _ index: Int, _ body: (inout Shard) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(index >= 0 && index < count)
        unsafe locks[index].mutex._unsafeLock()
        unsafe cshared_note_locked(shards + index)
        defer {
            unsafe cshared_note_unlocking(shards + index)
            unsafe locks[index].mutex._unsafeUnlock()
        }
        return try unsafe body(&shards[index])
    }
}
