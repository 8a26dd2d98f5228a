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
            let end = try end(of: bytes - settings.retentionBytes / 100 * Self.keptPercent, store)
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

    /// The key behind the oldest entries that take so many bytes.
    private func end(of bytes: Int, _ store: any OrderedStore) throws(StorageError) -> [UInt8]? {
        let cursor = try store.cursor(over: .all, in: ObservationJournal.family, .forward)
        var passed = 0
        for _ in 0..<Self.mostLookedAt {
            guard let entry = try cursor.next() else { return nil }
            if passed >= bytes { return entry.key }
            passed += entry.key.count + entry.value.count
        }
        return try cursor.next()?.key
    }
}
