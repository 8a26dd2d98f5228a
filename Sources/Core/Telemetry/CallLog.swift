import Identifiers

/// Remembers the last finished calls, for `attune ls calls` and the dashboard.
package final class CallLog: Sendable {
    /// The most calls remembered by all loops together, unless there are more than 16 loops.
    package static let capacity = 4096
    private static let smallestShard = 256
    /// The most calls on one page.
    package static let longestPage = 1000

    private let shards: [CallShard]

    package init(loops: Int, capacity: Int = CallLog.capacity) {
        let loops = max(1, loops)
        let each =
            capacity >= Self.capacity ? max(Self.smallestShard, capacity / loops) : max(1, capacity / loops)
        shards = (0..<loops).map { _ in CallShard(capacity: each) }
    }

    package func append(_ record: CallRecord, loop: Int) { shards[loop % shards.count].append(record) }

    /// - Complexity: linear in the calls remembered, a few microseconds of each loop at a time.
    package func call(_ id: CallID) -> CallRecord? {
        for shard in shards {
            if let found = shard.newest(below: .max, where: { $0.callID == id }) { return found.1 }
        }
        return nil
    }

    /// The calls that match, by the time they finished, the newest first.
    ///
    /// - Parameter cursor: the place where an earlier page ended; one of another number of loops starts anew.
    package func page(_ filter: CallFilter = CallFilter(), limit: Int, after cursor: CallCursor? = nil)
        -> CallPage
    {
        let limit = min(max(1, limit), Self.longestPage)
        var below = shards.map(\.end)
        if let cursor, cursor.next.count == below.count {
            below = zip(below, cursor.next).map { min($0, $1) }
        }
        var heads = shards.indices.map { shards[$0].newest(below: below[$0], where: filter.matches) }
        var calls: [CallRecord] = []
        while true {
            var best: Int?
            for (index, head) in heads.enumerated() {
                guard let head else { continue }
                if let current = best, let leader = heads[current], leader.1.end >= head.1.end { continue }
                best = index
            }
            guard let best, let (sequence, record) = heads[best] else {
                return CallPage(calls: calls, next: nil)
            }
            if calls.count == limit { return CallPage(calls: calls, next: CallCursor(next: below)) }
            calls.append(record)
            below[best] = sequence
            heads[best] = shards[best].newest(below: sequence, where: filter.matches)
        }
    }
}

extension CallRecord {
    /// When the call finished, in microseconds since 1970.
    package var end: UInt64 { startMicroseconds &+ durationMicroseconds }
}
