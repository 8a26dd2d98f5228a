import Storage

/// Deletes the oldest entries of the journal, by age and by size.
struct JournalRetention {
    /// Entries that are looked at to find how many are too many; the rest goes with a later sweep.
    private static let mostLookedAt = 1_000_000
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
        try store.write(batch, .relaxed)
        try Failpoint.journalSwept.reach()
        try keeper.reclaim(below: end, in: ObservationJournal.family)
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
