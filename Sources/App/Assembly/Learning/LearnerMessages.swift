import Rings
import SharedMemory
import Synchronization
import Telemetry

/// Reads what the learner tells the gateway, from its command rings, and counts it by kind.
final class LearnerMessages: Sendable {
    private struct State: ~Copyable {
        var cursors: CursorTable?
        var taken: [PublishedCursor] = []
        var queue: CommandQueue?
        var generation: UInt64 = 0
        var counts: [UInt16: UInt64] = [:]
    }

    private static let mostAtOnce = 64
    /// The kinds that are counted by name; others together.
    private static let kinds: [UInt16: String] = [
        1: "message", 16: "prefetch", 17: "advice_changed", 18: "experiment_changed",
    ]

    private let state: Mutex<State>

    /// - Parameter core: the gateway's segment, in whose cursors the learner finds what was read.
    init(core: Segment) {
        let table = core.section(.cursors).flatMap { try? CursorTable($0) }
        state = Mutex(State(cursors: table))
    }

    /// Reads from this learner from now on; nil while there is none.
    ///
    /// - Parameter current: asked in turn, so that of two threads the later one does not go by older news.
    func follow(_ current: () -> AttachedSegment?) {
        state.withLock { state in
            let learner = current()
            let generation = learner?.header.generation ?? 0
            guard state.generation != generation else { return }
            state.generation = generation
            state.queue = nil
            for cursor in state.taken { state.cursors?.release(cursor) }
            state.taken = []
            guard let learner else { return }
            var lanes: [(reader: CommandRingReader, cursor: PublishedCursor)] = []
            for section in learner.sections(.commandRing) {
                guard let reader = try? CommandRingReader(section, from: .unread),
                    let cursor = try? state.cursors?.take(
                        .commands(lane: reader.lane), generation: generation, position: reader.position)
                else { continue }
                lanes.append((reader, cursor))
            }
            state.taken = lanes.map(\.cursor)
            state.queue = CommandQueue(lanes)
        }
    }

    /// Reads what there is, a bounded part of it.
    func drain() {
        state.withLock { state in
            var kinds: [UInt16] = []
            state.queue?.drain(limit: Self.mostAtOnce) { command, _ in kinds.append(command.kind) }
            for kind in kinds { state.counts[Self.kinds[kind] == nil ? 0 : kind, default: 0] &+= 1 }
        }
    }

    /// How many messages were read, by the names of their kinds.
    var counts: [(kind: String, count: UInt64)] {
        state.withLock { $0.counts }.map { (Self.kinds[$0.key] ?? "other", $0.value) }.sorted { $0.0 < $1.0 }
    }
}
