import Identifiers
import Synchronization

/// The last calls of one event loop, in a ring.
final class CallShard: Sendable {
    /// The most records that are looked at under the mutex at a time, so that a reader never holds the loop
    /// up for more than some microseconds.
    private static let stride: UInt64 = 128

    private struct State {
        var records: [CallRecord] = []
        /// The sequence number of the next record; record `n` lies at `n % capacity`.
        var next: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) { self.capacity = max(1, capacity) }

    func append(_ record: CallRecord) {
        state.withLock { state in
            if state.records.count < capacity {
                state.records.append(record)
            } else {
                state.records[Int(state.next % UInt64(capacity))] = record
            }
            state.next += 1
        }
    }

    var end: UInt64 { state.withLock { $0.next } }

    /// Finds the newest record that matches, below a sequence number.
    func newest(below: UInt64, where matches: (borrowing CallRecord) -> Bool) -> (UInt64, CallRecord)? {
        var upper = below
        while true {
            let step = state.withLock { state -> (found: (UInt64, CallRecord)?, next: UInt64) in
                let oldest = state.next - UInt64(state.records.count)
                var position = min(upper, state.next)
                let floor = max(oldest, position > Self.stride ? position - Self.stride : 0)
                while position > floor {
                    position -= 1
                    let index = Int(position % UInt64(capacity))
                    if matches(state.records[index]) { return ((position, state.records[index]), position) }
                }
                return (nil, position <= oldest ? 0 : position)
            }
            if step.found != nil || step.next == 0 { return step.found }
            upper = step.next
        }
    }
}
