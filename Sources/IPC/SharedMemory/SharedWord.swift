import Synchronization

/// A 64-bit word of a mapping that another process may be writing: it can only be loaded.
///
/// Every access to shared memory that takes part in a protocol goes through words of 64 bits, since wider
/// atomic loads fault on pages that are mapped for reading only.
@safe
public struct SharedWord: @unchecked Sendable {
    // Proof: an atomic word may be used from every thread; who makes one keeps its mapping for as long.
    @usableFromInline let pointer: UnsafeMutablePointer<Atomic<UInt64>>

    /// The word at `address`, which has to be divisible by 8 and to stay mapped for as long as the word is
    /// used.
    @inlinable @inline(__always)
    public init(_ address: UnsafeRawPointer) {
        unsafe pointer = UnsafeMutableRawPointer(mutating: address).assumingMemoryBound(
            to: Atomic<UInt64>.self)
    }

    /// A load that orders nothing.
    @inlinable @inline(__always)
    public func load() -> UInt64 { unsafe pointer.pointee.load(ordering: .relaxed) }

    /// A load after which everything is seen that was written before the `storeReleasing` whose value it
    /// found.
    @inlinable @inline(__always)
    public func loadAcquiring() -> UInt64 { unsafe pointer.pointee.load(ordering: .acquiring) }
}
