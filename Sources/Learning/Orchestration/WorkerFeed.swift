import Rings
import SharedMemory

/// The commands of one Python program, as the learner reads them. Confined to the loop's thread.
final class WorkerFeed {
    let segment: AttachedSegment
    /// Among the workers that are attached.
    let number: UInt16
    private let cursors: [PublishedCursor]
    private var queue: CommandQueue

    /// - Throws: `RingError` if a lane is no command ring, or no cursor is free; none stays taken then.
    init(
        _ segment: AttachedSegment, number: UInt16, places: [Checkpoint.Place],
        cursors table: inout CursorTable
    ) throws(RingError) {
        var readers: [CommandRingReader] = []
        let generation = segment.header.generation
        for lane in 0..<UInt32(LearnerSegment.laneCount) {
            guard let section = segment.section(.commandRing, lane) else { continue }
            let place = places.first {
                $0.generation == generation && $0.ring == Checkpoint.Place.lane(Int(lane))
            }
            readers.append(
                try CommandRingReader(section, from: place.map { .at($0.position) } ?? .unread))
        }
        var cursors: [PublishedCursor] = []
        do throws(RingError) {
            for reader in readers {
                let stream = CursorStream.commands(worker: number, lane: reader.lane)
                cursors.append(
                    try table.take(stream, generation: generation, position: reader.position))
            }
        } catch {
            for cursor in cursors { table.release(cursor) }
            throw error
        }
        self.segment = segment
        self.number = number
        self.cursors = cursors
        queue = CommandQueue(zip(readers, cursors).map { (reader: $0, cursor: $1) })
    }

    /// How often something was found that no writer writes.
    var damaged: UInt64 { queue.damaged }

    var places: [Checkpoint.Place] {
        queue.positions.enumerated().map { lane, position in
            Checkpoint.Place(
                generation: segment.header.generation, ring: Checkpoint.Place.lane(lane), position: position)
        }
    }

    func drain(limit: Int, _ use: (Command, Span<UInt8>) -> Void) -> Int { queue.drain(limit: limit, use) }

    func release(_ table: inout CursorTable) {
        for cursor in cursors { table.release(cursor) }
    }
}
