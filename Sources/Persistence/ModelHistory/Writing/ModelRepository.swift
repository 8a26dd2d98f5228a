import Schemas
import Storage
import Synchronization

/// The history of models in a store, which it alone writes. For any number of threads; changes are made one
/// after the other, each as one durable batch of the store, so that a crash leaves all of it or nothing.
public final class ModelRepository: Sendable {
    public static let families = [
        ObjectShelf.family, ReferenceKey.family, ReflogEntry.family, GraftTable.family,
    ]
    /// What HEAD of a new model is on.
    static let firstBranch = ModelName("main")!

    struct State {
        /// Objects that nothing points at yet, as an import goes on.
        var pins: Set<ObjectID> = []
        /// Collections that are under way.
        var collections = 0
        /// What came since the first of them began.
        var newcomers: Set<ObjectID> = []

        mutating func note(_ ids: some Sequence<ObjectID>) {
            if collections > 0 { newcomers.formUnion(ids) }
        }
    }

    /// What reads the same store.
    public let reader: ModelReader
    let store: any OrderedStore
    let state = Mutex(State())

    /// - Parameters:
    ///   - store: with `families`, which nothing else writes.
    ///   - cacheBytes: what it may keep in memory of what it read and wrote; a model that fits in is
    ///     committed without reading the version before.
    public init(_ store: any OrderedStore, cacheBytes: Int = 16 << 20) {
        self.store = store
        reader = ModelReader(store, cacheBytes: cacheBytes)
    }

    /// Where HEAD of a model is, which commands may move at any time; nil if there is no such model.
    public func head(_ model: ModelName) throws(HistoryError) -> HeadState? { try reader.head(model) }

    /// A version with the bytes of its parts.
    public func read(_ id: ObjectID) throws(HistoryError) -> ModelVersion { try reader.read(id) }

    /// Adds a version after the one that HEAD is at; the first one of a model makes the branch `main`.
    ///
    /// - Parameters:
    ///   - kind: what the parts are, for those who compare and merge them.
    ///   - parts: by their names.
    ///   - expectation: where HEAD has to be.
    /// - Throws: `moved`, `malformedName`, `tooLarge`, `malformedMetric`, `storage`, `damaged`.
    /// - Complexity: linear in the parts: both versions of those that changed are read once.
    @discardableResult public func commit(
        model: ModelName, kind: ModelName, parts: [String: [UInt8]], metadata: CommitMetadata,
        expecting expectation: Expectation = .anywhere
    ) throws(HistoryError) -> ObjectID {
        try changing { state, change throws(HistoryError) in
            let head = try self.head(model, expectation)
            return try self.add(
                Draft(
                    model: model, kind: kind, parts: parts, metadata: metadata,
                    parents: head?.commit.map { [$0] } ?? [], action: .commit), head, &change)
        }
    }

    /// A version that is to be added.
    struct Draft {
        var model: ModelName
        var kind: ModelName
        var parts: [String: [UInt8]]
        var metadata: CommitMetadata
        var parents: [ObjectID]
        var action: ReflogEntry.Action
    }

    /// Makes the objects of a version, and moves HEAD to it.
    func add(
        _ draft: Draft, _ head: HeadState?, _ change: inout RepositoryChange
    ) throws(HistoryError) -> ObjectID {
        try Self.check(draft)
        if head == nil {
            try HistoryError.check(.models, try reader.models().count + 1, ModelLimits.models)
        }
        let first = try draft.parents.first.map { id throws(HistoryError) in try reader.commit(id) }
        let older = try first.map { commit throws(HistoryError) in try reader.tree(of: commit) }
        var parts: [ModelTree.Part] = []
        for (name, bytes) in draft.parts.sorted(by: { $0.key < $1.key }) {
            let blob = try change.add(bytes, .blob, like: older?[name]?.blob)
            parts.append(ModelTree.Part(name: name, byteCount: UInt64(bytes.count), blob: blob))
        }
        let version = first.map { $0.version + 1 } ?? 0
        let data = try Self.encoded(draft.metadata, version)
        let commit = ModelCommit(
            model: draft.model, kind: draft.kind,
            tree: try change.add(ModelTree(parts).encoded, .tree, like: first?.tree),
            data: try change.add(data, .data, like: first?.data), parents: draft.parents, version: version,
            author: draft.metadata.author, message: draft.metadata.message,
            microseconds: draft.metadata.microseconds, window: draft.metadata.window,
            seed: draft.metadata.seed, codeVersion: draft.metadata.codeVersion,
            metrics: draft.metadata.metrics)
        let id = try change.add(commit.encoded, .commit)
        let act = Act(
            draft.action, author: commit.author, microseconds: commit.microseconds, note: commit.title)
        try change.advance(draft.model, head, to: id, act)
        return id
    }

    /// Makes one change, with nobody else making one meanwhile.
    func changing<Result>(
        _ body: (inout State, inout RepositoryChange) throws(HistoryError) -> Result
    ) throws(HistoryError) -> Result {
        try state.withLock { state throws(HistoryError) in
            var change = RepositoryChange(reader)
            let result = try body(&state, &change)
            guard !change.batch.isEmpty else { return result }
            try HistoryError.storing { () throws(StorageError) in
                try Failpoint.historyChanging.reach()
                try store.write(change.batch, .durable)
            }
            Failpoint.historyChanged.pass()
            state.note(change.contents.map(\.id))
            for (id, content) in change.contents { reader.shelf.cache.keep(content, as: id) }
            return result
        }
    }

    /// HEAD of a model, which is where it is expected.
    func head(_ model: ModelName, _ expectation: Expectation) throws(HistoryError) -> HeadState? {
        let head = try reader.head(model)
        if case .at(let expected) = expectation, head?.commit != expected {
            throw .moved(expected: expected, found: head?.commit)
        }
        return head
    }

    private static func check(_ draft: Draft) throws(HistoryError) {
        guard draft.model.isFlat else { throw .malformedName(.model, draft.model.text) }
        guard draft.kind.isFlat else { throw .malformedName(.kind, draft.kind.text) }
        for name in draft.parts.keys where ModelName(name)?.isFlat != true {
            throw .malformedName(.part, name)
        }
        try draft.metadata.check()
        try HistoryError.check(.parts, draft.parts.count, ModelLimits.parts)
        let bytes = draft.parts.values.reduce(0) { $0 + $1.count }
        try HistoryError.check(.modelBytes, bytes, ModelLimits.modelBytes)
    }

    private static func encoded(
        _ metadata: CommitMetadata, _ version: UInt64
    ) throws(HistoryError) -> [UInt8] {
        var data = metadata.data
        data.version = version
        if data.metrics.isEmpty { data.metrics = metadata.metrics }
        let bytes = (try? data.canonicalBytes()) ?? []
        try HistoryError.check(.dataBytes, bytes.count, ModelLimits.dataBytes)
        return bytes
    }
}
