import Synchronization

/// Fences between words that are loaded and stored without an order of their own.
///
/// With the Boehm recipe for sequence locks (H.-J. Boehm, "Can seqlocks get along with programming language
/// memory models?", 2012): a writer announces, fences with `afterAnnouncing`, then overwrites; a reader
/// reads, fences with `beforeChecking`, then loads the announcement.
public enum SharedFence {
    /// Stores behind it are seen only by who can see the stores in front of it; partner of `beforeChecking`.
    @inlinable @inline(__always)
    public static func afterAnnouncing() { atomicMemoryFence(ordering: .releasing) }

    /// Loads in front of it are done before loads behind it; partner of `afterAnnouncing`.
    @inlinable @inline(__always)
    public static func beforeChecking() { atomicMemoryFence(ordering: .acquiring) }
}
