import Rings
import SharedMemory

/// The commands of one Python program, as the learner reads them. Confined to the loop's thread.
final class WorkerFeed {
    let segment: AttachedSegment
    /// Among the workers that are attached.
    let number: UInt16
    private let cursors: [PublishedCursor]
    private var queue: CommandQueue

    init(
        _ segment: AttachedSegment, number: UInt16, places: [Checkpoint.Place],
        cursors table: inout CursorTable
    ) throws(RingError) {
        var lanes: [(reader: CommandRingReader, cursor: PublishedCursor)] = []
        let generation = segment.header.generation
        for lane in 0..<UInt32(LearnerSegment.laneCount) {
            guard let section = segment.section(.commandRing, lane) else { continue }
            let place = places.first {
                $0.generation == generation && $0.ring == Checkpoint.Place.lane(Int(lane))
            }
            let reader = try CommandRingReader(
                section, from: place.map { .at($0.position) } ?? .unread)
            let cursor = try table.take(
                .commands(worker: number, lane: UInt8(lane)), generation: generation,
                position: reader.position)
            lanes.append((reader, cursor))
        }
        self.segment = segment
        self.number = number
        cursors = lanes.map(\.cursor)
        queue = CommandQueue(lanes)
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
