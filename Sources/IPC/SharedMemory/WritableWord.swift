import Synchronization

/// A 64-bit word of a mapping that this process writes.
@safe
public struct WritableWord: @unchecked Sendable {
    // Proof: an atomic word may be used from every thread; who makes one keeps its mapping for as long.
    @usableFromInline let pointer: UnsafeMutablePointer<Atomic<UInt64>>

    /// The word at `address`, which has to be divisible by 8 and to stay mapped for as long as the word is
    /// used.
    @inlinable @inline(__always)
    public init(_ address: UnsafeMutableRawPointer) {
        unsafe pointer = address.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// A load that orders nothing.
    @inlinable @inline(__always)
    public func load() -> UInt64 { unsafe pointer.pointee.load(ordering: .relaxed) }

    /// A load after which everything is seen that was written before the store whose value it found.
    @inlinable @inline(__always)
    public func loadAcquiring() -> UInt64 { unsafe pointer.pointee.load(ordering: .acquiring) }

    /// A store that orders nothing.
    @inlinable @inline(__always)
    public func store(_ value: UInt64) { unsafe pointer.pointee.store(value, ordering: .relaxed) }

    /// A store that everything written before it precedes; `loadAcquiring` is its partner.
    @inlinable @inline(__always)
    public func storeReleasing(_ value: UInt64) { unsafe pointer.pointee.store(value, ordering: .releasing) }

    /// Adds, wrapping around, and returns the new value; orders nothing.
    @inlinable @inline(__always) @discardableResult
    public func add(_ value: UInt64) -> UInt64 {
        unsafe pointer.pointee.wrappingAdd(value, ordering: .relaxed).newValue
    }

    /// Replaces `expected` by `desired`, acquiring and releasing; `current` is what was found.
    @inlinable @inline(__always)
    public func compareExchange(
        expected: UInt64, desired: UInt64
    ) -> (exchanged: Bool, current: UInt64) {
        let result = unsafe pointer.pointee.compareExchange(
            expected: expected, desired: desired, ordering: .acquiringAndReleasing)
        return (result.exchanged, result.original)
    }
}
