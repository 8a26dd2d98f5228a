import Synchronization

/// A shard behind its lock, in the owner's own memory.
final class LockedShard: @unchecked Sendable {
    // Proof: the shard is reached only under the lock.
    private let lock = Mutex<Void>(())
    private var shard: Shard

    init(_ shard: consuming Shard) { self.shard = shard }

    func withLock<Result, Failure>(
        _ body: (inout Shard) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        return try body(&shard)
    }
}
