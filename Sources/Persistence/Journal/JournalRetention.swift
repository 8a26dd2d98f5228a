import Schemas
import Storage

/// Deletes the oldest entries of the journal, by age and by size.
struct JournalRetention {
    /// Entries that are looked at to find how many are too many; the rest goes with a later sweep.
    private static let mostLookedAt = 1_000_000
    /// Runs of one loop that go with a sweep.
    private static let mostRuns = 100_000
    /// Of the bound on bytes, so that not each sweep has something to rewrite.
    private static let keptPercent = 95

    private let settings: JournalSettings
    private let keeper: StoreKeeper

    init(_ settings: JournalSettings, _ keeper: StoreKeeper) {
        self.settings = settings
        self.keeper = keeper
    }

    /// - Throws: as the store's operations.
    func sweep(now: UInt64) throws(StorageError) {
        let store = keeper.store
        let age = settings.retention.wholeMicroseconds
        if age > 0, now > age {
            try delete(upTo: JournalKey.range(from: now - age, upTo: nil).lower, store)
        }
        let bytes = keeper.bytes(of: ObservationJournal.family)
        if settings.retentionBytes > 0, bytes > settings.retentionBytes,
            let end = try end(
                of: bytes - settings.retentionBytes / 100 * Self.keptPercent, outOf: bytes, store)
        {
            try delete(upTo: end, store)
        }
    }

    private func delete(upTo end: [UInt8], _ store: any OrderedStore) throws(StorageError) {
        let range = KeyRange(from: [], upTo: end)
        guard try !store.entries(in: range, of: ObservationJournal.family, limit: 1).isEmpty else { return }
        try Failpoint.journalSweeping.reach()
        var batch = WriteBatch()
        batch.delete(range, in: ObservationJournal.family)
        try deleteRuns(before: end, store, &batch)
        try store.write(batch, .relaxed)
        try Failpoint.journalSwept.reach()
        try keeper.reclaim(below: end, in: ObservationJournal.family)
    }

    /// Deletes the runs all of whose calls are older than an entry's key; what is left over leads nowhere.
    private func deleteRuns(
        before end: [UInt8], _ store: any OrderedStore, _ batch: inout WriteBatch
    ) throws(StorageError) {
        guard
            let end = JournalKey(end + [UInt8](repeating: 0, count: max(0, JournalKey.byteCount - end.count)))
        else { return }
        for stream in try JournalFollower(store).streams(after: 0, before: .max) {
            let key = JournalRunKey(generation: stream.generation, loop: stream.loop, last: 0)
            let cursor = try store.cursor(over: key.rest, in: ObservationJournal.runs, .forward)
            var last: [UInt8]?
            for _ in 0..<Self.mostRuns {
                guard let entry = try cursor.next(), let key = JournalRunKey(entry.key) else { break }
                let calls = (try? JournalRun(serializedBytes: entry.value))?.calls(endingWith: key.last)
                if let calls, calls.contains(where: { $0.microseconds >= end.microseconds }) { break }
                last = entry.key
            }
            guard let last else { continue }
            batch.delete(KeyRange(from: key.bytes, upTo: last + [0]), in: ObservationJournal.runs)
        }
    }

    /// The key behind the oldest entries that take so many bytes on disk, of all that the family takes.
    private func end(
        of excess: Int, outOf bytes: Int, _ store: any OrderedStore
    ) throws(StorageError) -> [UInt8]? {
        let whole = try walk(store, until: excess)
        guard whole.isAtEnd else { return whole.key }
        // Entries take more on disk than they hold, sealed as they are and beside what is not cleared away
        // yet: the same share of what they hold is as much.
        let share = Double(whole.bytes) * Double(excess) / Double(bytes)
        return try walk(store, until: Int(share.rounded(.up))).key
    }

    /// - Returns: the key behind the oldest entries that hold so many bytes, nil if there are none.
    private func walk(
        _ store: any OrderedStore, until most: Int
    ) throws(StorageError) -> (key: [UInt8]?, bytes: Int, isAtEnd: Bool) {
        let cursor = try store.cursor(over: .all, in: ObservationJournal.family, .forward)
        var passed = 0
        var last: [UInt8]?
        for _ in 0..<Self.mostLookedAt {
            guard let entry = try cursor.next() else { return (last.map { $0 + [0] }, passed, true) }
            if passed >= most { return (entry.key, passed, false) }
            passed += entry.key.count + entry.value.count
            last = entry.key
        }
        return (last.map { $0 + [0] }, passed, false)
    }
}
