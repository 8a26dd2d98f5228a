import Storage

/// Finds what no reference and no reflog leads to: marks from a snapshot while others go on committing, then
/// once more from what they added (as concurrent mark and sweep does; Dijkstra and others, Communications of
/// the ACM 21(11), 1978).
struct Collector {
    /// Entries that go in one batch.
    private static let mostDeletes = 10_000

    private struct Candidate {
        var bytes: Int
        var isCommit: Bool
    }

    /// Entries of reflogs before this, in microseconds since 1970, lead to nothing and go.
    let cutoff: UInt64
    private(set) var report = CollectReport()
    private var marked: Set<ObjectID> = []
    private var candidates: [ObjectID: Candidate] = [:]
    /// Objects that are stored as a difference to a candidate, which are not candidates themselves.
    private var leaning: [ObjectID: ObjectID] = [:]

    init(cutoff: UInt64) { self.cutoff = cutoff }

    /// Marks what is reachable in a snapshot; the rest are candidates.
    mutating func mark(_ reader: ModelReader) throws(HistoryError) {
        marked = try Reachability(reader).mark(from: try Self.roots(reader, cutoff).ids)
        let cursor = try HistoryError.storing { () throws(StorageError) in
            try reader.shelf.reader.cursor(over: .all, in: ObjectShelf.family, .forward)
        }
        while let entry = try Self.next(cursor) {
            guard let id = ObjectID(entry.key), let record = ObjectRecord(entry.value) else { continue }
            if !marked.contains(id) {
                candidates[id] = Candidate(bytes: entry.value.count, isCommit: record.kind == .commit)
            }
            if let base = record.base { leaning[id] = base.id }
        }
        report.keptObjects = marked.count
    }

    /// Takes away what is still not reachable; with nobody else writing meanwhile.
    mutating func sweep(
        _ reader: ModelReader, _ store: any OrderedStore, pins: Set<ObjectID>
    ) throws(HistoryError) {
        let roots = try Self.roots(reader, cutoff)
        let later = try Reachability(reader).mark(from: roots.ids, known: marked).subtracting(marked)
        let kept = marked.union(later).union(pins)
        for id in later.union(pins) {
            candidates.removeValue(forKey: id)
            leaning[id] = try reader.shelf.record(id)?.base?.id
        }
        var restorage = Restorage(reader, store)
        let going = candidates
        let moving = leaning.filter { kept.contains($0.key) && going[$0.value] != nil }.keys
        // The first of a chain first, so that the next one finds it as it stays.
        for (_, id) in moving.map({ (depth($0), $0) }).sorted(by: { $0 < $1 }) {
            try restorage.store(id) { going[$0] != nil }
        }
        try restorage.finish()
        var batch = WriteBatch()
        // First, so that none of them is left that leads to what is gone.
        for key in roots.expired { batch.delete(key, in: ReflogEntry.family) }
        report.removedReflogEntries = roots.expired.count
        // What leans on another goes before it, so that one that a failure leaves can be read.
        let order = candidates.map { (depth: depth($0.key), id: $0.key, candidate: $0.value) }
        for (_, id, candidate) in order.sorted(by: { $0.depth > $1.depth }) {
            batch.delete(id.bytes, in: ObjectShelf.family)
            if candidate.isCommit { batch.delete(id.bytes, in: GraftTable.family) }
            reader.shelf.cache.forget(id)
            report.removedObjects += 1
            report.removedBytes += candidate.bytes
            if batch.operations.count >= Self.mostDeletes { try Self.write(&batch, store) }
        }
        try Self.write(&batch, store)
    }

    /// How many objects its chain has.
    private func depth(_ id: ObjectID) -> Int {
        var depth = 0
        var next = leaning[id]
        // Damage may have made a circle of it.
        while let base = next, depth < ObjectRecord.mostWeight {
            depth += 1
            next = leaning[base]
        }
        return depth
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
            try reader.references.eachMove(of: model) { key, entry in
                if entry.microseconds < cutoff, entry.sequence != last {
                    expired.append(key)
                } else {
                    ids.formUnion([entry.old, entry.new].compactMap(\.self))
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
        let snapshot = try begin()
        defer { end() }
        try collector.mark(ModelReader(snapshot, cacheBytes: 0))
        try sweep(&collector)
        return collector.report
    }

    /// What a collection looks at first. What comes from now on, it does not take, even if nothing leads to
    /// it any more when it ends.
    private func begin() throws(HistoryError) -> any OrderedReader {
        try state.withLock { state throws(HistoryError) in
            let snapshot = try HistoryError.storing { () throws(StorageError) in try store.snapshot() }
            state.collections += 1
            return snapshot
        }
    }

    private func end() {
        state.withLock { state in
            state.collections -= 1
            if state.collections == 0 { state.newcomers = [] }
        }
    }

    /// The second half of `collect`.
    func sweep(_ collector: inout Collector) throws(HistoryError) {
        try state.withLock { state throws(HistoryError) in
            try collector.sweep(reader, store, pins: state.pins.union(state.newcomers))
        }
    }
}
