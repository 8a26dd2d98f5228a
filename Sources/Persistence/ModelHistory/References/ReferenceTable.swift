import Storage

/// Reads references and reflogs of a store.
struct ReferenceTable: Sendable {
    let reader: any OrderedReader

    /// nil if there is none.
    func head(_ model: ModelName) throws(HistoryError) -> Head? {
        guard let value = try value(ReferenceKey(model, .head)) else { return nil }
        guard let head = Self.head(value) else {
            throw .damagedReference(model: model.text, name: Reference.head.text)
        }
        return head
    }

    /// What a branch or a tag points at; nil if there is none.
    func target(_ model: ModelName, _ reference: Reference) throws(HistoryError) -> ObjectID? {
        guard let value = try value(ReferenceKey(model, reference)) else { return nil }
        guard let id = ObjectID(value) else {
            throw .damagedReference(model: model.text, name: reference.text)
        }
        return id
    }

    /// Branches and tags of a model, in the order of their names.
    func all(_ model: ModelName) throws(HistoryError) -> [(reference: Reference, target: ObjectID)] {
        let entries = try entries(ReferenceKey.range(model), ReferenceKey.family)
        var found: [(Reference, ObjectID)] = []
        for entry in entries {
            guard let key = ReferenceKey(entry.key) else {
                throw .damagedReference(model: model.text, name: "a reference")
            }
            if key.reference == .head { continue }
            guard let value = CheckedValue.read(entry.value, for: entry.key), let id = ObjectID(value) else {
                throw .damagedReference(model: model.text, name: key.reference.text)
            }
            found.append((key.reference, id))
        }
        return found
    }

    /// All models, in the order of their names.
    func models() throws(HistoryError) -> [ModelName] {
        var found: [ModelName] = []
        var range = KeyRange.all
        while found.count < ModelLimits.models {
            let next = try HistoryError.storing { () throws(StorageError) in
                try reader.entries(in: range, of: ReferenceKey.family, limit: 1).first
            }
            guard let next else { break }
            guard let key = ReferenceKey(next.key) else {
                throw .damagedReference(model: "?", name: "a reference")
            }
            found.append(key.model)
            range = ReferenceKey.range(after: key.model)
        }
        return found
    }

    /// The number of the last entry of a reflog; 0 if there is none.
    func lastSequence(_ model: ModelName) throws(HistoryError) -> UInt64 {
        let last = try entries(ReflogEntry.range(model), ReflogEntry.family, .backward, limit: 1).first
        guard let last else { return 0 }
        guard let place = ReflogEntry.place(last.key), place.sequence < .max else {
            throw .damagedReference(model: model.text, name: "an entry of the reflog")
        }
        return place.sequence
    }

    /// The last entries of a reflog, the last first.
    func reflog(_ model: ModelName, limit: Int) throws(HistoryError) -> [ReflogEntry] {
        var found: [ReflogEntry] = []
        for entry in try entries(ReflogEntry.range(model), ReflogEntry.family, .backward, limit: limit) {
            guard let place = ReflogEntry.place(entry.key),
                let value = CheckedValue.read(entry.value, for: entry.key),
                let one = ReflogEntry(value, sequence: place.sequence)
            else { throw .damagedReference(model: model.text, name: "an entry of the reflog") }
            found.append(one)
        }
        return found
    }

    /// Gives every entry of a reflog with its key, the first one first.
    func eachMove(
        of model: ModelName, _ body: (_ key: [UInt8], ReflogEntry) -> Void
    ) throws(HistoryError) {
        let cursor = try HistoryError.storing { () throws(StorageError) in
            try reader.cursor(over: ReflogEntry.range(model), in: ReflogEntry.family, .forward)
        }
        while let entry = try HistoryError.storing({ () throws(StorageError) in try cursor.next() }) {
            guard let place = ReflogEntry.place(entry.key),
                let value = CheckedValue.read(entry.value, for: entry.key),
                let one = ReflogEntry(value, sequence: place.sequence)
            else { throw .damagedReference(model: model.text, name: "an entry of the reflog") }
            body(entry.key, one)
        }
    }

    private func entries(
        _ range: KeyRange, _ family: Family, _ direction: Direction = .forward,
        limit: Int = ModelLimits.references + 1
    ) throws(HistoryError) -> [Entry] {
        try HistoryError.storing { () throws(StorageError) in
            try reader.entries(in: range, of: family, direction, limit: limit)
        }
    }

    private func value(_ key: ReferenceKey) throws(HistoryError) -> [UInt8]? {
        let bytes = try HistoryError.storing { () throws(StorageError) in
            try reader.value(of: key.bytes, in: ReferenceKey.family)
        }
        guard let bytes else { return nil }
        guard let value = CheckedValue.read(bytes, for: key.bytes) else {
            throw .damagedReference(model: key.model.text, name: key.reference.text)
        }
        return value
    }

    static func head(_ value: [UInt8]) -> Head? {
        switch value.first {
        case 1: ModelName(String(decoding: value.dropFirst(), as: UTF8.self)).map { .branch($0) }
        case 2: ObjectID(value.dropFirst()).map { .detached($0) }
        default: nil
        }
    }

    static func value(_ head: Head) -> [UInt8] {
        switch head {
        case .branch(let name): [1] + Array(name.text.utf8)
        case .detached(let id): [2] + id.bytes
        }
    }
}
