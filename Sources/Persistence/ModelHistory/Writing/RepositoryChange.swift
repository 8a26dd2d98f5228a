import Storage

/// What one change of a repository writes: objects, the references that move, and their reflog, in one batch.
struct RepositoryChange {
    let reader: ModelReader
    private(set) var batch = WriteBatch()
    /// The objects that are new, for the cache once they are written.
    private(set) var contents: [(id: ObjectID, content: [UInt8])] = []
    private var added: Set<ObjectID> = []
    private var nextSequence: [ModelName: UInt64] = [:]

    init(_ reader: ModelReader) { self.reader = reader }

    /// Adds an object, unless it is there.
    ///
    /// - Parameter older: an object of the same kind that it is much the same as.
    mutating func add(
        _ content: [UInt8], _ kind: ObjectKind, like older: ObjectID? = nil
    ) throws(HistoryError) -> ObjectID {
        let id = ObjectID(of: content, kind)
        guard !added.contains(id), try !reader.shelf.has(id) else { return id }
        let record = ObjectRecord(content, kind, older: try Self.older(older, kind, reader.shelf))
        batch.put(record.encoded(as: id), for: id.bytes, in: ObjectShelf.family)
        contents.append((id, content))
        added.insert(id)
        return id
    }

    /// Moves a reference, or deletes it where `new` is nil, and tells the reflog.
    mutating func move(
        _ model: ModelName, _ reference: Reference, from old: ObjectID?, to new: ObjectID?, _ act: Act
    ) throws(HistoryError) {
        if reference != .head {
            let key = ReferenceKey(model, reference).bytes
            if let new {
                batch.put(CheckedValue.make(new.bytes, for: key), for: key, in: ReferenceKey.family)
            } else {
                batch.delete(key, in: ReferenceKey.family)
            }
        }
        let sequence = try sequence(model)
        let entry = ReflogEntry(
            sequence: sequence, reference: reference, old: old, new: new, action: act.action,
            microseconds: act.microseconds, author: act.author, note: act.note)
        let key = ReflogEntry.key(model, sequence)
        batch.put(CheckedValue.make(entry.encoded, for: key), for: key, in: ReflogEntry.family)
    }

    /// Says what a commit goes on from; nil for its own parents.
    mutating func graft(_ id: ObjectID, _ parents: [ObjectID]?) {
        if let parents {
            batch.put(GraftTable.value(parents, of: id), for: id.bytes, in: GraftTable.family)
        } else {
            batch.delete(id.bytes, in: GraftTable.family)
        }
    }

    /// Says what HEAD is from now on.
    mutating func point(_ model: ModelName, at head: Head) {
        let key = ReferenceKey(model, .head).bytes
        let value = CheckedValue.make(ReferenceTable.value(head), for: key)
        batch.put(value, for: key, in: ReferenceKey.family)
    }

    /// Moves what HEAD is on: its branch, or HEAD itself.
    mutating func advance(
        _ model: ModelName, _ state: HeadState?, to new: ObjectID, _ act: Act
    ) throws(HistoryError) {
        switch state?.head {
        case .branch(let name): try move(model, .branch(name), from: state?.commit, to: new, act)
        case .detached:
            try move(model, .head, from: state?.commit, to: new, act)
            point(model, at: .detached(new))
        case nil:
            try move(model, .branch(ModelRepository.firstBranch), from: nil, to: new, act)
            point(model, at: .branch(ModelRepository.firstBranch))
        }
    }

    private mutating func sequence(_ model: ModelName) throws(HistoryError) -> UInt64 {
        if nextSequence[model] == nil {
            nextSequence[model] = try reader.references.lastSequence(model) + 1
        }
        let sequence = nextSequence[model] ?? 1
        nextSequence[model] = sequence + 1
        return sequence
    }

    /// What the new object is stored as a difference to; one that can't be read is none.
    private static func older(
        _ id: ObjectID?, _ kind: ObjectKind, _ shelf: ObjectShelf
    ) throws(HistoryError) -> (id: ObjectID, content: [UInt8], record: ObjectRecord)? {
        guard let id, let record = try? shelf.record(id), let content = try? shelf.content(id, kind) else {
            return nil
        }
        return (id, content, record)
    }
}
