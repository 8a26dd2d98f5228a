import Storage

/// Reads objects from a store: each is made of its record and those that it is a delta against, and compared
/// with its id before anybody sees it.
struct ObjectShelf: Sendable {
    static let family = Family("model-objects")

    let reader: any OrderedReader
    let cache: ContentCache

    func has(_ id: ObjectID) throws(HistoryError) -> Bool { try value(of: id) != nil }

    /// nil if there is none.
    func record(_ id: ObjectID) throws(HistoryError) -> ObjectRecord? {
        guard let bytes = try value(of: id) else { return nil }
        guard let record = ObjectRecord(bytes) else { throw .damaged(id, .record) }
        return record
    }

    /// The bytes of an object.
    ///
    /// - Complexity: linear in its bytes and those of its chain, at most five times its own; up to 64 times
    ///   its own are moved where parts of it moved.
    /// - Throws: `damaged`.
    func content(_ id: ObjectID, _ kind: ObjectKind) throws(HistoryError) -> [UInt8] {
        for _ in 1..<Self.attempts {
            do throws(HistoryError) { return try once(id, kind) } catch {
                // A collection may have stored its chain anew amid the reading of it.
                guard case .damaged = error else { throw error }
            }
        }
        return try once(id, kind)
    }

    private static let attempts = 3

    private func once(_ id: ObjectID, _ kind: ObjectKind) throws(HistoryError) -> [UInt8] {
        guard let record = try record(id) else { throw .damaged(id, .missing) }
        guard record.kind == kind else { throw .damaged(id, .record) }
        if let cached = cache[id] { return cached }
        let content = try made(id, record)
        guard ObjectID(of: content, kind) == id else { throw .damaged(id, try blame(id, record)) }
        cache.keep(content, as: id)
        return content
    }

    func value(of id: ObjectID) throws(HistoryError) -> [UInt8]? {
        try HistoryError.storing { () throws(StorageError) in
            try reader.value(of: id.bytes, in: Self.family)
        }
    }

    /// The object as its record tells it; what comes of damage only its id shows.
    private func made(_ id: ObjectID, _ record: ObjectRecord) throws(HistoryError) -> [UInt8] {
        var chain: [ObjectID] = []
        var content: [UInt8] = []
        var last = record
        while let base = last.base {
            if let cached = cache[base.id] {
                content = cached
                break
            }
            last = try self.base(base, of: id, below: last)
            chain.append(base.id)
        }
        // Read again one by one, so that no more than two of them are in memory.
        for step in chain.reversed() {
            guard let record = try self.record(step), record.apply(to: &content) else {
                throw .damaged(id, .base(step))
            }
        }
        guard record.apply(to: &content) else { throw .damaged(id, try blame(id, record)) }
        return content
    }

    /// What a record is a delta against; each one is nearer to a whole object, so that no chain is endless.
    private func base(
        _ base: DeltaSource, of id: ObjectID, below record: ObjectRecord
    ) throws(HistoryError) -> ObjectRecord {
        guard let bytes = try value(of: base.id), let found = ObjectRecord(bytes), found.kind == record.kind,
            found.base?.weight ?? 0 < base.weight
        else { throw .damaged(id, .base(base.id)) }
        return found
    }

    /// Whose record it is that makes an object other than its id says.
    private func blame(_ id: ObjectID, _ record: ObjectRecord) throws(HistoryError) -> HistoryError.Damage {
        guard let bytes = try value(of: id), ObjectRecord.isWritten(bytes, as: id) else { return .record }
        var next = record.base
        while let base = next {
            guard let bytes = try value(of: base.id), let found = ObjectRecord(bytes),
                ObjectRecord.isWritten(bytes, as: base.id), found.base?.weight ?? 0 < base.weight
            else { return .base(base.id) }
            next = found.base
        }
        return .content
    }
}
