import Rings
import SharedMemory

/// One loop's observations, as the learner reads them. Confined to the loop's thread.
struct RingFeed {
    let loop: UInt64
    private var reader: ObservationRingReader
    private let cursor: PublishedCursor
    private let generation: UInt64
    /// Records that an earlier learner lost.
    private let lostBefore: UInt64

    init(
        _ section: Section, places: [Checkpoint.Place], cursors: inout CursorTable
    ) throws(RingError) {
        loop = UInt64(section.index)
        generation = section.generation
        let place = places.first { $0.generation == section.generation && $0.ring == UInt64(section.index) }
        reader = try ObservationRingReader(
            section, from: place.map { .at($0.position) } ?? .beginning)
        lostBefore = place?.lost ?? 0
        cursor = try cursors.take(
            .observations(loop: section.index), generation: section.generation, position: reader.position)
        cursor.advance(to: reader.position, lost: lostBefore)
    }

    var place: Checkpoint.Place {
        Checkpoint.Place(
            generation: generation, ring: loop, position: reader.position, lost: lostBefore &+ reader.lost)
    }

    /// Lets another feed of the same ring take this one's place.
    func release(_ cursors: inout CursorTable) { cursors.release(cursor) }

    /// Reads up to `limit` records into `records`, which it empties first, and tells the gateway so.
    ///
    /// - Parameter missed: is told the sequences of those that were lost.
    /// - Returns: how many were lost, and how many were damaged, since the last call.
    mutating func read(
        limit: Int, into records: inout [ObservationRecord],
        missed: (ClosedRange<UInt64>) -> Void = { _ in }
    ) throws(RingError) -> (lost: UInt64, damaged: UInt64) {
        records.removeAll(keepingCapacity: true)
        let before = (lost: reader.lost, damaged: reader.damaged)
        // A batch ends where the ring does: the second one begins at its start.
        for _ in 0..<2 where records.count < limit {
            let (first, lost) = (reader.position &+ 1, reader.lost)
            try reader.read(limit: limit - records.count, into: &records)
            // Those that were overwritten are the first behind the position.
            if reader.lost > lost { missed(first...(first &+ (reader.lost - lost) - 1)) }
        }
        // Also where nothing is new: the cursor's time says when the learner last looked.
        cursor.advance(to: reader.position, lost: lostBefore &+ reader.lost)
        return (reader.lost &- before.lost, reader.damaged &- before.damaged)
    }
}
