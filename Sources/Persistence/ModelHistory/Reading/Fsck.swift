import Storage

/// Checks a history: every byte of every object, reference and reflog entry, and that nothing is missing.
///
/// Objects are read along the chains of their deltas, so that each delta is applied once as long as the cache
/// holds what it is against.
///
/// - Complexity: linear in all objects; 150 bytes of memory an object.
struct Fsck {
    private let reader: ModelReader
    private var report = FsckReport()
    /// Objects that are whole, by their kind.
    private var sound: [ObjectID: ObjectKind] = [:]
    private var damaged: Set<ObjectID> = []
    private var starts: Set<ObjectID> = []

    init(_ reader: ModelReader) { self.reader = reader }

    mutating func run() throws(HistoryError) -> FsckReport {
        try checkObjects()
        try checkReferences()
        try checkReflogs()
        try checkGrafts()
        try checkLinks()
        return report
    }

    // MARK: Objects

    private mutating func checkObjects() throws(HistoryError) {
        var deltas: [ObjectID: [ObjectID]] = [:]
        var open: [ObjectID] = []
        let entries = try cursor(ObjectShelf.family)
        while let entry = try next(entries) {
            report.objects += 1
            report.storedBytes += entry.value.count
            guard let id = ObjectID(entry.key) else {
                report.add(Hexadecimal.text(of: entry.key), "the key is no object's")
                continue
            }
            guard let record = ObjectRecord(entry.value), ObjectRecord.isWritten(entry.value, as: id) else {
                damaged.insert(id)
                report.add(id.hex, "\(HistoryError.Damage.record)")
                continue
            }
            if let base = record.base { deltas[base.id, default: []].append(id) } else { open.append(id) }
        }
        while let id = open.popLast() {
            check(id)
            open += deltas.removeValue(forKey: id) ?? []
        }
        // Those that lead to nothing whole.
        for id in deltas.values.joined() { check(id) }
    }

    private mutating func check(_ id: ObjectID) {
        guard !damaged.contains(id) else { return }
        do throws(HistoryError) {
            guard let record = try reader.shelf.record(id) else { throw .damaged(id, .missing) }
            let content = try reader.shelf.content(id, record.kind)
            guard Self.isWellFormed(content, record.kind) else { throw .damaged(id, .encoding) }
            sound[id] = record.kind
            report.kinds[record.kind, default: 0] += 1
            report.contentBytes += content.count
        } catch {
            damaged.insert(id)
            report.add(error, at: id.hex)
        }
    }

    static func isWellFormed(_ content: [UInt8], _ kind: ObjectKind) -> Bool {
        switch kind {
        case .blob: true
        case .tree: ModelTree(content).map { $0.encoded == content } ?? false
        case .commit: ModelCommit(content).map { $0.encoded == content } ?? false
        case .data: LearningDataCheck.isWellFormed(content)
        }
    }

    // MARK: References

    private mutating func checkReferences() throws(HistoryError) {
        let entries = try cursor(ReferenceKey.family)
        while let entry = try next(entries) {
            report.references += 1
            guard let key = ReferenceKey(entry.key) else {
                report.add(Hexadecimal.text(of: entry.key), "the key is no reference's")
                continue
            }
            let place = "\(key.model) \(key.reference.text)"
            guard let value = CheckedValue.read(entry.value, for: entry.key) else {
                report.add(place, "it is not what was written")
                continue
            }
            checkReference(key, value, place)
        }
    }

    private mutating func checkReference(_ key: ReferenceKey, _ value: [UInt8], _ place: String) {
        var target = ObjectID(value)
        if key.reference == .head {
            switch ReferenceTable.head(value) {
            case .detached(let id): target = id
            case .branch(let name):
                target = try? reader.references.target(key.model, .branch(name))
                if target == nil { return report.add(place, "the branch \"\(name)\" is missing or damaged") }
            case nil: return report.add(place, "it is not one")
            }
        }
        guard let target else { return report.add(place, "it is no id") }
        starts.insert(target)
        guard sound[target] == .commit else {
            return report.add(place, "the commit \(target) is missing or damaged")
        }
        if (try? reader.commit(target).model) != key.model {
            report.add(place, "the commit \(target) is another model's")
        }
    }

    private mutating func checkReflogs() throws(HistoryError) {
        let entries = try cursor(ReflogEntry.family)
        while let entry = try next(entries) {
            report.reflogEntries += 1
            guard let place = ReflogEntry.place(entry.key) else {
                report.add(Hexadecimal.text(of: entry.key), "the key is no reflog entry's")
                continue
            }
            let name = "\(place.model) reflog \(place.sequence)"
            guard let value = CheckedValue.read(entry.value, for: entry.key),
                let one = ReflogEntry(value, sequence: place.sequence)
            else {
                report.add(name, "it is not what was written")
                continue
            }
            for id in [one.old, one.new].compactMap(\.self) {
                starts.insert(id)
                if sound[id] != .commit { report.add(name, "the commit \(id) is missing or damaged") }
            }
        }
    }

    private mutating func checkGrafts() throws(HistoryError) {
        let entries: any StoreCursor
        do throws(HistoryError) {
            entries = try cursor(GraftTable.family)
        } catch {
            // A store that was last written before there were grafts.
            if case .storage(.unknownFamily) = error { return }
            throw error
        }
        while let entry = try next(entries) {
            report.grafts += 1
            guard let id = ObjectID(entry.key), GraftTable.parents(entry.value, of: id) != nil else {
                report.add(Hexadecimal.text(of: entry.key), "\(HistoryError.Damage.graft)")
                continue
            }
            if sound[id] != .commit { report.add(id.hex, "it has a graft, and is missing or damaged") }
        }
    }

    // MARK: Links

    /// What is in use names only what is whole, and its place in the history; an import that was broken off
    /// leaves commits whose parts never came, which lead nowhere.
    private mutating func checkLinks() throws(HistoryError) {
        let reachable = try Reachability(reader).mark(from: starts, ignoringDamage: true)
        report.unreachable = sound.keys.count { !reachable.contains($0) }
        for (id, kind) in sound where reachable.contains(id) {
            switch kind {
            case .commit: checkCommit(id, try reader.commit(id))
            case .tree:
                for part in ModelTree(try reader.shelf.content(id, .tree))?.parts ?? []
                where sound[part.blob] != .blob {
                    report.add(id.hex, "its part \"\(part.name)\" is missing or damaged")
                }
            case .blob, .data: continue
            }
        }
    }

    private mutating func checkCommit(_ id: ObjectID, _ commit: ModelCommit) {
        if sound[commit.tree] != .tree { report.add(id.hex, "its tree is missing or damaged") }
        if sound[commit.data] != .data { report.add(id.hex, "its data is missing or damaged") }
        // A damaged graft is found by itself.
        guard let parents = try? reader.parents(of: id, commit) else { return }
        for (index, parent) in parents.enumerated() {
            guard sound[parent] == .commit, let before = try? reader.commit(parent) else {
                report.add(id.hex, "its parent \(parent) is missing or damaged")
                continue
            }
            if before.model != commit.model { report.add(id.hex, "its parent is another model's") }
            let isNext = before.version + 1 == commit.version
            if index == 0, parents == commit.parents ? !isNext : before.version >= commit.version {
                report.add(id.hex, "its version is not that of its parent and one")
            }
        }
    }

    private func cursor(_ family: Family) throws(HistoryError) -> any StoreCursor {
        try HistoryError.storing { () throws(StorageError) in
            try reader.shelf.reader.cursor(over: .all, in: family, .forward)
        }
    }

    private func next(_ cursor: any StoreCursor) throws(HistoryError) -> Entry? {
        try HistoryError.storing { () throws(StorageError) in try cursor.next() }
    }
}

extension ModelReader {
    /// Checks every byte of the history, and that nothing is missing.
    ///
    /// - Throws: `storage`, if it can't be read; what is damaged is in the report.
    public func fsck() throws(HistoryError) -> FsckReport {
        var fsck = Fsck(ModelReader(shelf.reader, cacheBytes: Self.fsckCacheBytes))
        return try fsck.run()
    }

    private static let fsckCacheBytes = 64 << 20
}
