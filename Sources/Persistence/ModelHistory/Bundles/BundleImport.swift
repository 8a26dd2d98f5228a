import Crypto
import Schemas
import Storage

/// Takes a bundle in, which may be anything.
///
/// Each object is made and compared with its id before it is written. References are made when the bundle's
/// end has been read and all that they lead to is there; what was written before of a bundle that turns out
/// bad leads nowhere, and goes with the next `collect`.
struct BundleImport {
    typealias Source = (Int) throws(HistoryError) -> [UInt8]

    private static let prefix = "imported/"

    private let repository: ModelRepository
    private let read: Source
    private var hasher = SHA256()
    private var left: Int
    private(set) var pinned: Set<ObjectID> = []
    private var report: ImportReport

    /// - Parameters:
    ///   - byteCount: of the bundle.
    ///   - source: gives as many bytes as it is asked for.
    init(_ repository: ModelRepository, byteCount: Int, source: @escaping Source) {
        self.repository = repository
        left = byteCount
        read = source
        report = ImportReport(model: ModelRepository.firstBranch)
    }

    mutating func run(_ act: Act) throws(HistoryError) -> ImportReport {
        let front = try take(BundleHeader.frontBytes)
        let (length, isGrafted) = try BundleHeader.length(front)
        let header = try BundleHeader(try take(length), isGrafted: isGrafted)
        report.model = header.model
        for index in 0..<header.objects { try takeObject(index) }
        let digest = Array(hasher.finalize())
        guard try take(BundleHeader.digestBytes) == digest else { throw .bundle(.checksum) }
        guard left == 0 else { throw .bundle(.cutShort) }
        try HistoryError.storing { () throws(StorageError) in try Failpoint.historyImportWhole.reach() }
        try point(header, act)
        return report
    }

    private mutating func take(_ count: Int) throws(HistoryError) -> [UInt8] {
        guard count <= left else { throw .bundle(.cutShort) }
        left -= count
        let bytes = try read(count)
        guard bytes.count == count else { throw .bundle(.cutShort) }
        hasher.update(data: bytes)
        return bytes
    }

    // MARK: Objects

    private mutating func takeObject(_ index: Int) throws(HistoryError) {
        let front = try take(BundleHeader.objectBytes)
        guard let id = ObjectID(front.prefix(ObjectID.byteCount)) else { throw .bundle(.object(index)) }
        let length = front.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= StorageLimits.valueBytes else { throw .bundle(.object(index)) }
        let bytes = try take(length)
        guard ObjectRecord.isWritten(bytes, as: id), let record = ObjectRecord(bytes) else {
            throw .bundle(.object(index))
        }
        report.objects += 1
        pin(id)
        guard try !repository.reader.shelf.has(id) else { return }
        guard try isSound(id, record) else { throw .bundle(.object(index)) }
        report.newObjects += 1
        // At once, since what follows may be a difference to it.
        var batch = WriteBatch()
        batch.put(bytes, for: id.bytes, in: ObjectShelf.family)
        try HistoryError.storing { () throws(StorageError) in
            try repository.store.write(batch, .relaxed)
            try Failpoint.historyImportTaken.reach()
        }
    }

    /// Whether the record makes the object of its id, and reading it takes no more than is allowed.
    private func isSound(_ id: ObjectID, _ record: ObjectRecord) throws(HistoryError) -> Bool {
        let shelf = repository.reader.shelf
        var content: [UInt8] = []
        if let base = record.base {
            guard let older = try shelf.record(base.id), older.kind == record.kind,
                base.weight >= (older.base?.weight ?? 0) + (record.isInPlace ? 1 : 2),
                base.chainBytes >= (older.base?.chainBytes ?? 0) + record.deltaBytes
            else { return false }
            content = try shelf.content(base.id, record.kind)
        }
        guard record.apply(to: &content), ObjectID(of: content, record.kind) == id,
            Fsck.isWellFormed(content, record.kind)
        else { return false }
        shelf.cache.keep(content, as: id)
        return true
    }

    private mutating func pin(_ id: ObjectID) {
        pinned.insert(id)
        repository.state.withLock { _ = $0.pins.insert(id) }
    }

    // MARK: References

    /// All that the references lead to is there, belongs to the model, and is numbered as it should be.
    private static func check(_ header: BundleHeader, _ reader: ModelReader) throws(HistoryError) {
        for (reference, target) in header.references {
            guard try reader.shelf.record(target)?.kind == .commit else {
                throw .bundle(.reference(reference.text))
            }
        }
        for id in try Reachability(reader).mark(from: Set(header.references.map(\.target))) {
            guard let record = try reader.shelf.record(id) else { throw .damaged(id, .missing) }
            guard record.kind == .commit else { continue }
            let commit = try reader.commit(id)
            let parents = try reader.parents(of: id, commit)
            let before = try parents.first.map { id throws(HistoryError) in try reader.commit(id) }
            let isNumbered =
                parents == commit.parents
                ? before.map { $0.version + 1 } ?? 0 == commit.version
                : before.map { $0.version < commit.version } ?? true
            guard commit.model == header.model, isNumbered else { throw .damaged(id, .encoding) }
        }
    }

    /// A new model gets the references as they are. One that is there keeps its own: branches of the bundle
    /// come beside them, and so do tags whose names are taken.
    private mutating func point(_ header: BundleHeader, _ act: Act) throws(HistoryError) {
        let model = header.model
        let first = header.references.first { if case .branch = $0.reference { true } else { false } }
        guard let first else { throw .bundle(.reference("branch")) }
        report = try repository.changing { [report] _, change throws(HistoryError) in
            let reader = repository.reader
            var report = report
            let grafts = try Self.grafts(header, reader)
            var overlaid = reader
            overlaid.grafts.pending = grafts
            try Self.check(header, overlaid)
            for (id, parents) in grafts { change.graft(id, parents) }
            report.isNewModel = try reader.head(model) == nil
            if report.isNewModel {
                try HistoryError.check(.models, try reader.models().count + 1, ModelLimits.models)
                let branch = header.references.first { $0.reference == header.head.map { .branch($0) } }
                change.point(
                    model,
                    at: .branch(ModelName((branch ?? first).reference.name) ?? ModelRepository.firstBranch))
            }
            for (reference, target) in header.references {
                let here = try reader.references.target(model, reference)
                if here == target { continue }
                var name = reference
                if !report.isNewModel, here != nil || reference.kind == .branch {
                    name = Self.beside(reference)
                }
                let old = try reader.references.target(model, name)
                guard old != target else { continue }
                try change.move(model, name, from: old, to: target, act.doing(.bundle, reference.text))
                report.references.append(name)
            }
            let count = try reader.references(model).count + report.references.count
            try HistoryError.check(.references, count, ModelLimits.references)
            return report
        }
    }

    /// What is to be said of commits that nothing led to here: what the bundle says of them. Those that are
    /// in use go on from what they do, whether the bundle has more of their past or less.
    private static func grafts(
        _ header: BundleHeader, _ reader: ModelReader
    ) throws(HistoryError) -> [ObjectID: [ObjectID]?] {
        var here: Set<ObjectID> = []
        if let head = try reader.head(header.model) {
            let tips = Set(
                try reader.references(header.model).map(\.target) + [head.commit].compactMap(\.self))
            here = try Reachability(reader).mark(from: tips, ignoringDamage: true)
        }
        var found: [ObjectID: [ObjectID]?] = [:]
        // Only of commits that its references lead to, since no others are checked; of the rest nothing is
        // changed, but one that was left of what is no longer in use.
        var open = header.references.map(\.target)
        var seen = Set(open)
        while let id = open.popLast() {
            if found[id] == nil, !here.contains(id) {
                if let parents = header.grafts[id] {
                    found[id] = .some(parents)
                } else if try reader.grafts.parents(of: id) != nil {
                    found[id] = .some(nil)
                }
            }
            guard !here.contains(id), let commit = try? reader.commit(id) else { continue }
            for parent in header.grafts[id] ?? commit.parents where seen.insert(parent).inserted {
                open.append(parent)
            }
        }
        return found
    }

    private static func beside(_ reference: Reference) -> Reference {
        guard let name = ModelName(prefix + reference.name) else { return reference }
        return reference.kind == .tag ? .tag(name) : .branch(name)
    }
}

extension ModelRepository {
    /// Takes in a bundle that may come from anywhere.
    ///
    /// - Parameters:
    ///   - byteCount: of the bundle, 4 GiB at most.
    ///   - source: gives as many bytes as it is asked for, in order.
    /// - Throws: `bundle`, `tooLarge`, `damaged`, `storage`, and what the source throws.
    public func importBundle(
        byteCount: Int, _ act: Act, from source: @escaping (Int) throws(HistoryError) -> [UInt8]
    ) throws(HistoryError) -> ImportReport {
        try HistoryError.check(.bundleBytes, byteCount, Self.mostBundleBytes)
        var bundle = BundleImport(self, byteCount: byteCount, source: source)
        defer {
            state.withLock { state in
                state.pins.subtract(bundle.pinned)
                state.note(bundle.pinned)
            }
        }
        return try bundle.run(act)
    }

    static let mostBundleBytes = 4 << 30
}
