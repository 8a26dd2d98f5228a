import Identifiers
import SharedMemory

/// A table as any process reads it: without locks, without writing, and without believing a byte of it.
///
/// Every number from the section is checked before it is used as a place or a length, every loop has a bound,
/// and an entry counts only if its version is even and the same before and after it was read. So a table
/// whose owner was killed in the middle of a write, or which holds garbage, answers `nil` for what can't be
/// read.
@safe
public struct StateTableView: StateReading, @unchecked Sendable {
    // Proof of Sendable: the fields never change, and what they point to is read by atomic loads and checked
    // copies.
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let byteCount: Int
    @usableFromInline let buckets: UnsafeRawPointer
    @usableFromInline let bucketShift: UInt64
    @usableFromInline let slots: UnsafeRawPointer
    @usableFromInline let slotCount: UInt64
    @usableFromInline let valuesOffset: Int
    @usableFromInline let shards: Int
    /// The seed of the keys' hashes.
    public let seed: UInt64
    /// Keeps the mapping while the view lives.
    @usableFromInline let mapping: AnyObject?

    /// So often a reader tries before it answers that there is nothing.
    @usableFromInline static let mostTries = 256

    /// The table in a section of another process's segment, or of this one's.
    public init(section: Section) throws(StateTableLayoutError) {
        try unsafe self.init(base: section.base, byteCount: section.bytes, mapping: section.mapping)
    }

    /// - Parameters:
    ///   - base: the section's start, a multiple of 8, mapped for reading as long as `mapping` or the caller
    ///     keeps it.
    public init(
        base: UnsafeRawPointer, byteCount: Int, mapping: AnyObject? = nil
    ) throws(StateTableLayoutError) {
        let head = try unsafe TableHead(reading: base, byteCount: byteCount)
        unsafe self.base = unsafe base
        self.byteCount = byteCount
        unsafe buckets = unsafe base + head.bucketsOffset
        bucketShift = UInt64(64 - head.bucketCount.trailingZeroBitCount)
        unsafe slots = unsafe base + head.slotsOffset
        slotCount = UInt64(head.slotCount)
        valuesOffset = head.valuesOffset
        shards = head.shards
        seed = head.seed
        self.mapping = mapping
    }

    @inlinable @inline(__always)
    public func read<Result>(
        _ key: some StateKey, now: MonotonicTime?, _ use: (_ value: RawSpan, _ version: UInt64) -> Result
    ) -> Result? {
        key.withEntryKey(seed: seed) { key in
            let attempt = unsafe attempt(key, now) { _, value, version in unsafe use(value.bytes, version) }
            guard case .found(let result) = attempt else { return nil }
            return result
        }
    }
}
