import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How often each slot was read since it was queued, up to 3: what S3-FIFO decides by.
///
/// In the owner's own memory, one byte a slot. Reads take no lock, so that a count may miss some of many at
/// one moment.
@usableFromInline @safe
final class HitCounts: @unchecked Sendable {
    // Proof: each byte is atomic, the address never changes, and every index is checked.
    @usableFromInline static let most: UInt8 = 3
    @usableFromInline let counts: UnsafeMutablePointer<Atomic<UInt8>>
    @usableFromInline let slotCount: Int

    init(slotCount: Int) {
        guard let memory = unsafe calloc(max(slotCount, 1), 1) else { fatalError("out of memory") }
        unsafe counts = memory.bindMemory(to: Atomic<UInt8>.self, capacity: max(slotCount, 1))
        self.slotCount = slotCount
    }

    deinit { unsafe free(counts) }

    /// - Parameter slot: counted from 0.
    @inlinable @inline(__always)
    func hit(_ slot: Int) {
        guard slot >= 0, slot < slotCount else { return }
        let count = unsafe counts[slot].load(ordering: .relaxed)
        if count < Self.most { unsafe counts[slot].store(count &+ 1, ordering: .relaxed) }
    }

    subscript(slot: Int) -> UInt8 {
        get {
            precondition(slot >= 0 && slot < slotCount)
            return unsafe counts[slot].load(ordering: .relaxed)
        }
        set {
            precondition(slot >= 0 && slot < slotCount)
            unsafe counts[slot].store(newValue, ordering: .relaxed)
        }
    }
}
