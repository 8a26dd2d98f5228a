import Storage

/// Stores objects anew that are differences to such as are about to go: as a difference to the nearest one
/// before it that stays, or as a whole.
///
/// What a read takes never grows by it: neither the weight nor the bytes of a chain, so that what is stored
/// as a difference to it keeps within its bounds.
struct Restorage {
    /// Bytes that are written at once.
    private static let mostBytes = 8 << 20

    let reader: ModelReader
    let store: any OrderedStore
    private var batch = WriteBatch()
    /// Those that are not written yet.
    private var made: [ObjectID: ObjectRecord] = [:]

    init(_ reader: ModelReader, _ store: any OrderedStore) {
        self.reader = reader
        self.store = store
    }

    /// - Parameter isGoing: of the objects, which.
    mutating func store(_ id: ObjectID, _ isGoing: (ObjectID) -> Bool) throws(HistoryError) {
        guard let record = try reader.shelf.record(id), let base = record.base, isGoing(base.id) else {
            return
        }
        let content = try reader.shelf.content(id, record.kind)
        var next: DeltaSource? = base
        while let source = next, isGoing(source.id) { next = try reader.shelf.record(source.id)?.base }
        var anew = ObjectRecord(content, record.kind)
        if let near = next?.id, let older = try latest(near) {
            let delta = ObjectRecord(
                content, record.kind, older: (near, try reader.shelf.content(near, record.kind), older))
            if let source = delta.base, source.weight <= base.weight, source.chainBytes <= base.chainBytes {
                anew = delta
            }
        }
        batch.put(anew.encoded(as: id), for: id.bytes, in: ObjectShelf.family)
        made[id] = anew
        if batch.bytes >= Self.mostBytes { try finish() }
    }

    /// As it is stored when all is written.
    private func latest(_ id: ObjectID) throws(HistoryError) -> ObjectRecord? {
        if let anew = made[id] { return anew }
        return try reader.shelf.record(id)
    }

    mutating func finish() throws(HistoryError) {
        guard !batch.isEmpty else { return }
        let batch = batch
        try HistoryError.storing { () throws(StorageError) in
            try Failpoint.historyCollecting.reach()
            try store.write(batch, .durable)
        }
        Failpoint.historyCollected.pass()
        self.batch = WriteBatch()
        made = [:]
    }
}
