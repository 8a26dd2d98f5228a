import Storage

/// Finds what no reference and no reflog leads to: marks from a snapshot while others go on committing, then
/// once more from what they added (as concurrent mark and sweep does; Dijkstra and others, Communications of
/// the ACM 21(11), 1978).
struct Collector {
    /// Entries that go in one batch.
    private static let mostDeletes = 10_000

    /// Entries of reflogs before this, in microseconds since 1970, lead to nothing and go.
    let cutoff: UInt64
    private(set) var report = CollectReport()
    private var marked: Set<ObjectID> = []
    private var candidates: [ObjectID: Int] = [:]

    init(cutoff: UInt64) { self.cutoff = cutoff }

    /// Marks what is reachable in a snapshot; the rest are candidates.
    mutating func mark(_ reader: ModelReader) throws(HistoryError) {
        marked = try Reachability(reader).mark(from: try Self.roots(reader, cutoff).ids)
        var bases: [ObjectID: ObjectID] = [:]
        let cursor = try HistoryError.storing { () throws(StorageError) in
            try reader.shelf.reader.cursor(over: .all, in: ObjectShelf.family, .forward)
        }
        while let entry = try Self.next(cursor) {
            guard let id = ObjectID(entry.key), let record = ObjectRecord(entry.value) else { continue }
            candidates[id] = entry.value.count
            if let base = record.base { bases[id] = base.id }
        }
        for id in marked { keep(id) { bases[$0] } }
        report.keptObjects = marked.count
    }

    /// Takes away what is still not reachable; with nobody else writing meanwhile.
    mutating func sweep(
        _ reader: ModelReader, _ store: any OrderedStore, pins: Set<ObjectID>
    ) throws(HistoryError) {
        let roots = try Self.roots(reader, cutoff)
        let later = try Reachability(reader).mark(from: roots.ids, known: marked).subtracting(marked)
        for id in later.union(pins) {
            var next: ObjectID? = id
            while let id = next, candidates.removeValue(forKey: id) != nil || !marked.contains(id) {
                marked.insert(id)
                next = try reader.shelf.record(id)?.base?.id
            }
        }
        var batch = WriteBatch()
        // First, so that none of them is left that leads to what is gone.
        for key in roots.expired { batch.delete(key, in: ReflogEntry.family) }
        report.removedReflogEntries = roots.expired.count
        for (id, bytes) in candidates {
            batch.delete(id.bytes, in: ObjectShelf.family)
            reader.shelf.cache.forget(id)
            report.removedObjects += 1
            report.removedBytes += bytes
            if batch.operations.count >= Self.mostDeletes { try Self.write(&batch, store) }
        }
        try Self.write(&batch, store)
    }

    /// Keeps an object, and what it is stored as a difference to.
    private mutating func keep(_ id: ObjectID, _ base: (ObjectID) -> ObjectID?) {
        var next: ObjectID? = id
        while let id = next, candidates.removeValue(forKey: id) != nil { next = base(id) }
    }

    private static func write(_ batch: inout WriteBatch, _ store: any OrderedStore) throws(HistoryError) {
        guard !batch.isEmpty else { return }
        try HistoryError.storing { () throws(StorageError) in
            try Failpoint.historyCollecting.reach()
            try store.write(batch, .durable)
        }
        Failpoint.historyCollected.pass()
        batch = WriteBatch()
    }

    /// The commits that references and reflogs point at, and the keys of the entries that are over.
    private static func roots(
        _ reader: ModelReader, _ cutoff: UInt64
    ) throws(HistoryError) -> (ids: Set<ObjectID>, expired: [[UInt8]]) {
        var ids: Set<ObjectID> = []
        var expired: [[UInt8]] = []
        for model in try reader.models() {
            if let id = try reader.head(model)?.commit { ids.insert(id) }
            for (_, id) in try reader.references(model) { ids.insert(id) }
            // The last one stays, since the next one is numbered after it.
            let last = try reader.references.lastSequence(model)
            let cursor = try HistoryError.storing { () throws(StorageError) in
                try reader.shelf.reader.cursor(
                    over: ReflogEntry.range(model), in: ReflogEntry.family, .forward)
            }
            while let entry = try next(cursor) {
                guard let place = ReflogEntry.place(entry.key),
                    let value = CheckedValue.read(entry.value, for: entry.key),
                    let one = ReflogEntry(value, sequence: place.sequence)
                else { throw .damagedReference(model: model.text, name: "an entry of the reflog") }
                if one.microseconds < cutoff, place.sequence != last {
                    expired.append(entry.key)
                } else {
                    ids.formUnion([one.old, one.new].compactMap(\.self))
                }
            }
        }
        return (ids, expired)
    }

    private static func next(_ cursor: any StoreCursor) throws(HistoryError) -> Entry? {
        try HistoryError.storing { () throws(StorageError) in try cursor.next() }
    }
}

extension ModelRepository {
    /// Takes away objects that neither a reference nor a reflog leads to, and entries of reflogs before a
    /// time, in microseconds since 1970.
    ///
    /// Commits go on meanwhile, and wait only for the deletion itself.
    /// - Throws: `damaged`, before anything is deleted, and `storage`.
    public func collect(reflogsBefore cutoff: UInt64) throws(HistoryError) -> CollectReport {
        var collector = Collector(cutoff: cutoff)
        let snapshot = try HistoryError.storing { () throws(StorageError) in try store.snapshot() }
        try collector.mark(ModelReader(snapshot, cacheBytes: 0))
        try sweep(&collector)
        return collector.report
    }

    /// The second half of `collect`.
    func sweep(_ collector: inout Collector) throws(HistoryError) {
        try state.withLock { state throws(HistoryError) in
            try collector.sweep(reader, store, pins: state.pins)
        }
    }
}
