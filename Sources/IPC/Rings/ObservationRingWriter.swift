import SharedMemory

/// The one writer of an observation ring: a 256-byte head (`RingHead`), then `capacity` records of 128 bytes.
///
/// Records are written where the oldest ones lie and shown to readers together by `flush`, once per turn of
/// the event loop. It never waits for a reader, and makes no allocation, lock or system call. The protocol is
/// a sequence lock per ring: the claim is stored before a slot is overwritten, so that a reader who used the
/// slot finds out afterwards.
@safe
public struct ObservationRingWriter: ~Copyable, @unchecked Sendable {
    // Proof: it can't be copied and writing mutates it, so that one thread at a time has it.
    @usableFromInline let section: WritableSection
    @usableFromInline let records: UnsafeMutableRawPointer
    @usableFromInline let published: WritableWord
    @usableFromInline let claimed: WritableWord
    @usableFromInline let mask: UInt64
    @usableFromInline let batch: UInt64
    @usableFromInline var next: UInt64
    @usableFromInline var flushed: UInt64

    /// - Throws: `RingError` if the section is none of a new segment's observation rings.
    public init(_ section: WritableSection) throws(RingError) {
        try RingGeometry.check(section.reading, .observationRing)
        let published = unsafe section.base.word(at: RingHead.published)
        guard published.load() == 0 else { throw .alreadyWritten(published: published.load()) }
        self.published = published
        unsafe claimed = section.base.word(at: RingHead.claimed)
        unsafe section.base.word(at: RingHead.capacity).store(section.capacity)
        self.section = section
        unsafe records = section.base + RingHead.bytes
        mask = section.capacity - 1
        batch = max(section.capacity / 4, 1)
        next = 0
        flushed = 0
    }

    /// How many records were ever appended.
    @inlinable
    public var appended: UInt64 { next }

    /// Records that readers don't see yet; at most a quarter of the ring, where `append` flushes by itself.
    @inlinable
    public var pending: UInt64 { next &- flushed }

    /// True if the next `append` flushes.
    @inlinable
    public var isFull: Bool { pending &+ 1 >= batch }

    /// Writes a record; its sequence and checksum are set here.
    ///
    /// - Complexity: 16 stores and 16 multiplications.
    @inlinable @inline(__always)
    public mutating func append(_ record: consuming ObservationRecord) {
        let index = next
        next = index &+ 1
        record.sequence = next
        record.checksum = record.expectedChecksum()
        claimed.store(next)
        SharedFence.afterAnnouncing()
        let offset = Int(truncatingIfNeeded: index & mask) &* ObservationRecord.bytes
        unsafe record.store(to: records + offset)
        if pending >= batch { flush() }
    }

    /// Shows what was appended to readers.
    @inlinable
    public mutating func flush() {
        guard flushed != next else { return }
        flushed = next
        // Partner: the acquiring load in `ObservationRingReader`.
        published.storeReleasing(next)
    }
}
