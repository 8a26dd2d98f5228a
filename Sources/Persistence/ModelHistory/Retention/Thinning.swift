import Storage

/// Lets go of versions of one model: what goes on from one gets a graft to the next older one that stays.
///
/// It stays where a reference or the reflog of anything but plain commits points, where two versions go on
/// from it, and where it has two parents, so that every branch, tag, rollback and merge is as it was.
struct Thinning {
    /// Entries that are written at once.
    private static let mostOperations = 10_000

    private let reader: ModelReader
    private let model: ModelName
    private let retention: Retention
    private let now: UInt64
    private(set) var report = ThinReport()

    private struct Node {
        var commit: ModelCommit
        var parents: [ObjectID]
        var children = 0
    }

    private var nodes: [ObjectID: Node] = [:]
    private var pinned: Set<ObjectID> = []
    private var gone: Set<ObjectID> = []

    init(_ reader: ModelReader, _ model: ModelName, _ retention: Retention, now: UInt64) {
        self.reader = reader
        self.model = model
        self.retention = retention
        self.now = now
    }

    /// The batches to write, one after the other; a part of them leaves a sound history too.
    mutating func run() throws(HistoryError) -> [WriteBatch] {
        let moves = try readPins()
        try readNodes()
        choose()
        guard !gone.isEmpty else { return [] }
        report.versions = gone.count
        var batches = [WriteBatch()]
        for (key, entry) in moves
        where [entry.old, entry.new].contains(where: { $0.map(gone.contains) ?? false }) {
            add(&batches) { $0.delete(key, in: ReflogEntry.family) }
            report.reflogEntries += 1
        }
        // What leads past them comes after all that leads to them is gone.
        for (id, node) in nodes.sorted(by: { $0.key < $1.key }) where !gone.contains(id) {
            let parents = kept(node.parents)
            guard parents != node.parents else { continue }
            add(&batches) { $0.put(GraftTable.value(parents, of: id), for: id.bytes, in: GraftTable.family) }
        }
        return batches
    }

    private func add(_ batches: inout [WriteBatch], _ change: (inout WriteBatch) -> Void) {
        if batches[batches.count - 1].operations.count >= Self.mostOperations { batches.append(WriteBatch()) }
        change(&batches[batches.count - 1])
    }

    /// - Returns: the moves that may go, with their keys.
    private mutating func readPins() throws(HistoryError) -> [(key: [UInt8], entry: ReflogEntry)] {
        if let id = try reader.head(model)?.commit { pinned.insert(id) }
        for (_, id) in try reader.references(model) { pinned.insert(id) }
        let references = reader.references
        let last = try references.lastSequence(model)
        var moves: [(key: [UInt8], entry: ReflogEntry)] = []
        try references.eachMove(of: model) { key, entry in
            // The last one stays, since the next one is numbered after it.
            if entry.action == .commit, entry.sequence != last {
                moves.append((key, entry))
            } else {
                pinned.formUnion([entry.old, entry.new].compactMap(\.self))
            }
        }
        return moves
    }

    private mutating func readNodes() throws(HistoryError) {
        var open = Array(pinned)
        var seen = pinned
        while let id = open.popLast() {
            let commit = try reader.commit(id)
            let parents = try reader.parents(of: id, commit)
            nodes[id] = Node(commit: commit, parents: parents)
            for parent in parents where seen.insert(parent).inserted { open.append(parent) }
            try HistoryError.check(.walkedCommits, seen.count, Ancestry.mostCommits)
        }
        for node in Array(nodes.values) { for parent in node.parents { nodes[parent]?.children += 1 } }
        // A merge is numbered after its first parent.
        for node in nodes.values where node.commit.parents.count > 1 {
            if let first = node.parents.first { pinned.insert(first) }
        }
    }

    private mutating func choose() {
        var last: [Retention.Slot: (id: ObjectID, microseconds: UInt64, version: UInt64)] = [:]
        for (id, node) in nodes
        where !pinned.contains(id) && node.children == 1 && node.commit.parents.count <= 1
            && node.commit.author == retention.author
        {
            let commit = node.commit
            switch retention.fate(commit.microseconds, now: now) {
            case .kept: continue
            case .gone: gone.insert(id)
            case .lastOf(let slot):
                gone.insert(id)
                if let best = last[slot],
                    (best.microseconds, best.version, best.id)
                        >= (commit.microseconds, commit.version, id)
                {
                    continue
                }
                last[slot] = (id, commit.microseconds, commit.version)
            }
        }
        for one in last.values { gone.remove(one.id) }
    }

    /// What stands for some parents: each, or the nearest one before it that stays.
    private func kept(_ parents: [ObjectID]) -> [ObjectID] {
        var found: [ObjectID] = []
        for parent in parents {
            var next: ObjectID? = parent
            // What goes has one parent at most.
            while let id = next, gone.contains(id) { next = nodes[id]?.parents.first }
            if let next, !found.contains(next) { found.append(next) }
        }
        return found
    }
}

extension ModelRepository {
    /// Lets go of versions that a rule does not keep. Ids stay as they are, and so does every branch, tag,
    /// merge and move that somebody made; `collect` gives the space back.
    ///
    /// - Parameter now: in microseconds since 1970.
    /// - Throws: `damaged`, `storage`.
    /// - Complexity: linear in the versions; others wait meanwhile.
    @discardableResult public func thin(_ retention: Retention, now: UInt64) throws(HistoryError)
        -> ThinReport
    {
        var report = ThinReport()
        for model in try reader.models() {
            try state.withLock { _ throws(HistoryError) in
                var thinning = Thinning(reader, model, retention, now: now)
                for batch in try thinning.run() where !batch.isEmpty {
                    try HistoryError.storing { () throws(StorageError) in
                        try Failpoint.historyChanging.reach()
                        try store.write(batch, .durable)
                    }
                    Failpoint.historyChanged.pass()
                }
                report.versions += thinning.report.versions
                report.reflogEntries += thinning.report.reflogEntries
            }
        }
        return report
    }
}
