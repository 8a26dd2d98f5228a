import Schemas
import Storage

/// Gathers the calls of one loop into runs, as they are added to a batch.
///
/// One entry for all calls that are written together costs next to nothing a call, and lets a reader go
/// through the journal in the order in which a loop wrote it, which is that of its ring.
struct JournalRuns {
    private let generation: UInt64
    private let loop: UInt16
    private var run = JournalRun()
    private var lastMicroseconds: UInt64 = 0

    init(generation: UInt64, loop: UInt16) {
        self.generation = generation
        self.loop = loop
    }

    /// Adds the next call; one that does not follow the last begins another run.
    mutating func add(_ sequence: UInt64, at microseconds: UInt64, to batch: inout WriteBatch) {
        if !run.steps.isEmpty, sequence != run.first &+ UInt64(run.steps.count) { finish(&batch) }
        if run.steps.isEmpty {
            run.first = sequence
            lastMicroseconds = 0
        }
        run.steps.append(Int64(bitPattern: microseconds &- lastMicroseconds))
        lastMicroseconds = microseconds
    }

    /// Ends the run under way.
    mutating func finish(_ batch: inout WriteBatch) {
        defer { run = JournalRun() }
        guard !run.steps.isEmpty, let bytes: [UInt8] = try? run.serializedBytes() else { return }
        let last = run.first &+ UInt64(run.steps.count - 1)
        let key = JournalRunKey(generation: generation, loop: loop, last: last)
        batch.put(bytes, for: key.bytes, in: ObservationJournal.runs)
    }
}

extension JournalRun {
    /// No run has more calls: one is of a turn.
    private static let mostCalls = 1 << 16

    /// The sequences and times of the calls, in order; nil unless they end with the sequence of the key.
    func calls(endingWith last: UInt64) -> [(sequence: UInt64, microseconds: UInt64)]? {
        guard !steps.isEmpty, steps.count <= Self.mostCalls,
            first &+ UInt64(steps.count - 1) == last, first <= last
        else { return nil }
        var microseconds: UInt64 = 0
        return steps.enumerated().map { index, step in
            microseconds &+= UInt64(bitPattern: step)
            return (first &+ UInt64(index), microseconds)
        }
    }
}
