import Schemas
import Storage

/// Reads a journal in the order in which the loops of a gateway wrote it, from any place on.
package struct JournalFollower {
    /// What one loop of one gateway wrote.
    package struct Stream: Hashable, Sendable {
        /// Of the gateway's region.
        package var generation: UInt64
        package var loop: UInt16

        package init(generation: UInt64, loop: UInt16) {
            self.generation = generation
            self.loop = loop
        }
    }

    /// Calls of one loop, in order.
    package struct Calls: Sendable {
        package var calls: [JournaledCall] = []
        /// The sequence to go on with: what lies before it and is not among the calls is not in the journal.
        package var next: UInt64
        /// Whether the journal has nothing of this loop behind these.
        package var isAtEnd = false
    }

    /// Gateways times loops that are told of.
    private static let mostStreams = 4096

    private let reader: any OrderedReader

    package init(_ reader: any OrderedReader) { self.reader = reader }

    /// The loops of the gateways after one and before another, as many as are told of at once.
    ///
    /// - Complexity: a look-up each.
    package func streams(after first: UInt64, before end: UInt64) throws(StorageError) -> [Stream] {
        var found: [Stream] = []
        var range = JournalRunKey(generation: first, loop: .max, last: .max).others
        while found.count < Self.mostStreams {
            let entries = try reader.entries(in: range, of: ObservationJournal.runs, limit: 1)
            guard let bytes = entries.first?.key else { break }
            guard let key = JournalRunKey(bytes) else {
                range = KeyRange(from: bytes + [0], upTo: nil)
                continue
            }
            if key.generation >= end { break }
            found.append(Stream(generation: key.generation, loop: key.loop))
            range = key.others
        }
        return found
    }

    /// The calls of a loop from a sequence on, through another if one is given.
    ///
    /// - Parameter limit: how many are looked up at most.
    package func calls(
        of stream: Stream, from first: UInt64, through last: UInt64?, limit: Int
    ) throws(StorageError) -> Calls {
        var result = Calls(next: first)
        let key = JournalRunKey(generation: stream.generation, loop: stream.loop, last: first)
        let cursor = try reader.cursor(over: key.rest, in: ObservationJournal.runs, .forward)
        var lookedUp = 0
        while let entry = try cursor.next() {
            guard let key = JournalRunKey(entry.key),
                let run = try? JournalRun(serializedBytes: entry.value),
                let calls = run.calls(endingWith: key.last)
            else { continue }
            for (sequence, microseconds) in calls where sequence >= result.next {
                if let last, sequence > last {
                    result.next = last &+ 1
                    return result
                }
                if lookedUp >= limit { return result }
                lookedUp += 1
                if let call = try call(stream.loop, sequence, microseconds) { result.calls.append(call) }
                result.next = sequence &+ 1
            }
        }
        result.isAtEnd = true
        return result
    }

    private func call(
        _ loop: UInt16, _ sequence: UInt64, _ microseconds: UInt64
    ) throws(StorageError) -> JournaledCall? {
        let key = JournalKey(microseconds: microseconds, loop: loop, sequence: sequence)
        guard let value = try reader.value(of: key.bytes, in: ObservationJournal.family),
            let entry = try? JournalEntry(serializedBytes: value)
        else { return nil }
        return JournaledCall(entry)
    }
}
