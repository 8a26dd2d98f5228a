import SharedMemory

/// A reader of an observation ring, with a cursor of its own; the writer knows nothing of it.
///
/// Every record that the writer publishes is either given out once or counted as lost:
/// `position` = start + records given out + `lost` + `damaged`. A reader never waits.
@safe
public struct ObservationRingReader: @unchecked Sendable {
    // Proof: a copy is a reader of its own; it only loads from the mapping that its section keeps.
    public enum Start: Sendable {
        /// The oldest record that is still there; what was overwritten before counts as lost.
        case beginning
        /// The next record to be published.
        case end
        /// Where an earlier reader of this ring stopped; as `beginning` if the ring was never there.
        case at(UInt64)
    }

    @usableFromInline let section: Section
    @usableFromInline let records: UnsafeRawPointer
    @usableFromInline let publishedWord: SharedWord
    @usableFromInline let claimedWord: SharedWord
    @usableFromInline let capacity: UInt64
    @usableFromInline var next: UInt64
    @usableFromInline var lostCount: UInt64 = 0
    @usableFromInline var damagedCount: UInt64 = 0

    /// - Throws: `RingError` if the section is no observation ring.
    public init(_ section: Section, from start: Start) throws(RingError) {
        try RingGeometry.check(section, .observationRing)
        self.section = section
        unsafe records = section.base + RingHead.bytes
        unsafe publishedWord = section.base.word(at: RingHead.published)
        unsafe claimedWord = section.base.word(at: RingHead.claimed)
        capacity = section.capacity
        let published = publishedWord.loadAcquiring()
        switch start {
        case .beginning: next = 0
        case .end: next = published
        case .at(let wanted): next = wanted <= published ? wanted : 0
        }
    }

    /// The index, from 0, of the next record to be read.
    @inlinable
    public var position: UInt64 { next }

    /// Records that were overwritten before they could be read, or while they were.
    @inlinable
    public var lost: UInt64 { lostCount }

    /// Records that `read` dropped, since their sequence or checksum is wrong though nobody has overwritten
    /// them.
    @inlinable
    public var damaged: UInt64 { damagedCount }

    /// How many records the writer ever published.
    @inlinable
    public var published: UInt64 { publishedWord.loadAcquiring() }

    /// Published records that are not read yet, lost ones included.
    @inlinable
    public var lag: UInt64 { published &- next }

    /// Gives out up to `limit` records in place, moves behind them, and says what became of them meanwhile.
    ///
    /// A batch ends where the ring does, so that all of it is one run of memory; it is empty if nothing is
    /// new.
    ///
    /// - Throws: `RingError.wentBack` if the writer's count is damaged; the reader stays as it was.
    @inlinable
    public mutating func withBatch<Result>(
        limit: Int, _ use: (ObservationBatch) -> Result
    ) throws(RingError) -> (result: Result, outcome: BatchOutcome) {
        let batch = try nextBatch(limit)
        let result = use(batch)
        return (result, finish(batch))
    }

    /// Copies up to `limit` records to the end of `records`: whole ones only.
    ///
    /// - Returns: how many were appended.
    /// - Throws: `RingError.wentBack` if the writer's count is damaged.
    @inlinable @discardableResult
    public mutating func read(limit: Int, into records: inout [ObservationRecord]) throws(RingError) -> Int {
        let before = records.count
        let batch = try nextBatch(limit)
        guard batch.count > 0 else { return 0 }
        // What is copied may be changing: `finish` tells, and the checksum.
        unsafe records.append(
            contentsOf: UnsafeBufferPointer(
                start: batch.start.assumingMemoryBound(to: ObservationRecord.self), count: batch.count))
        let outcome = finish(batch)
        let whole = unsafe records.withUnsafeMutableBufferPointer { all in
            unsafe Self.keepWhole(all, from: before, outcome)
        }
        if whole < batch.count {
            damagedCount &+= UInt64(batch.count - outcome.overwritten - whole)
            records.removeSubrange((before + whole)...)
        }
        return whole
    }

    /// Moves the whole records of a batch to its place's beginning, and counts them.
    @inlinable
    static func keepWhole(
        _ records: UnsafeMutableBufferPointer<ObservationRecord>, from before: Int, _ outcome: BatchOutcome
    ) -> Int {
        guard let start = unsafe records.baseAddress.map({ unsafe $0 + before }) else { return 0 }
        var kept = 0
        for index in outcome.overwritten..<outcome.count {
            let sequence = outcome.first &+ UInt64(index) &+ 1
            guard unsafe ObservationRecord.isWhole(UnsafeRawPointer(start + index), sequence: sequence)
            else { continue }
            if kept != index { unsafe start[kept] = start[index] }
            kept += 1
        }
        return kept
    }

    @inlinable
    mutating func nextBatch(_ limit: Int) throws(RingError) -> ObservationBatch {
        // Partner: the releasing store in `ObservationRingWriter.flush`.
        let end = publishedWord.loadAcquiring()
        guard end >= next else { throw .wentBack(from: next, to: end) }
        if end - next > capacity {
            lostCount &+= end - capacity - next
            next = end - capacity
        }
        let slot = next & (capacity - 1)
        let count = min(end - next, capacity - slot, UInt64(max(limit, 0)))
        return unsafe ObservationBatch(
            section: section, start: records + Int(slot) * ObservationRecord.bytes, first: next,
            count: Int(count))
    }

    @inlinable
    mutating func finish(_ batch: ObservationBatch) -> BatchOutcome {
        // Partner: the fence behind the claim in `ObservationRingWriter.append`.
        SharedFence.beforeChecking()
        let claimed = claimedWord.load()
        let oldest = claimed > capacity ? claimed - capacity : 0
        let overwritten = oldest > batch.first ? min(oldest - batch.first, UInt64(batch.count)) : 0
        lostCount &+= overwritten
        next &+= UInt64(batch.count)
        return BatchOutcome(first: batch.first, count: batch.count, overwritten: Int(overwritten))
    }
}
