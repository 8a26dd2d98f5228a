import Rings
import Schemas
import SharedMemory
import Storage

/// One loop's rings, as the journal reads them. Confined to the journal's thread.
struct JournalFeed {
    private let generation: UInt64
    private let loop: UInt16
    private var reader: ObservationRingReader
    private let payloads: PayloadRingReader
    private var records: [ObservationRecord] = []
    private var toldLost: UInt64 = 0
    private var toldDamaged: UInt64 = 0
    private var rejected: UInt64 = 0

    /// Calls that were overwritten before they were read, or damaged.
    var lost: UInt64 { reader.lost &+ reader.damaged &+ rejected }

    /// - Throws: if a section is no ring.
    init(_ records: Section, _ payloads: Section) throws(RingError) {
        generation = records.generation
        loop = UInt16(truncatingIfNeeded: records.index)
        reader = try ObservationRingReader(records, from: .beginning)
        self.payloads = try PayloadRingReader(payloads)
    }

    /// Adds what is new, up to `limit` calls, to a batch, and a gap before it if some were lost.
    ///
    /// - Returns: how many calls were added.
    mutating func read(
        limit: Int, now: UInt64, _ encode: (ObservationRecord, Payload?) -> [UInt8]?,
        into batch: inout WriteBatch
    ) throws(RingError) -> Int {
        records.removeAll(keepingCapacity: true)
        try reader.read(limit: limit, into: &records)
        var added = 0
        var runs = JournalRuns(generation: generation, loop: loop)
        for record in records {
            guard let entry = encode(record, payloads.payload(of: record)) else {
                rejected &+= 1
                continue
            }
            let start = record.startMicroseconds
            let key = JournalKey(microseconds: start, loop: loop, sequence: record.sequence)
            batch.put(entry, for: key.bytes, in: ObservationJournal.family)
            runs.add(record.sequence, at: start, to: &batch)
            added += 1
        }
        runs.finish(&batch)
        tellGap(now, &batch)
        return added
    }

    private mutating func tellGap(_ now: UInt64, _ batch: inout WriteBatch) {
        let damaged = reader.damaged &+ rejected
        guard reader.lost != toldLost || damaged != toldDamaged else { return }
        let gap = JournalGap.with {
            $0.timestamp = now
            $0.loop = UInt32(loop)
            $0.before = records.first?.sequence ?? reader.position &+ 1
            $0.lost = reader.lost &- toldLost
            $0.damaged = damaged &- toldDamaged
        }
        toldLost = reader.lost
        toldDamaged = damaged
        // It fails only for required fields, of which proto3 has none.
        guard let bytes: [UInt8] = try? JournalEntry.with({ $0.gap = gap }).serializedBytes() else { return }
        batch.put(
            bytes, for: JournalKey(microseconds: now, loop: loop, sequence: 0).bytes,
            in: ObservationJournal.family)
    }
}
