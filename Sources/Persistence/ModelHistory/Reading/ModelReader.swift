import Foundation
import Schemas
import Storage

/// Reads the history of models from a store, also one that another process writes. For any number of
/// threads.
public struct ModelReader: Sendable {
    let shelf: ObjectShelf
    let references: ReferenceTable
    var grafts: GraftTable

    /// - Parameter cacheBytes: what it may keep of objects that it has read.
    public init(_ reader: any OrderedReader, cacheBytes: Int = 16 << 20) {
        self.init(reader, ContentCache(mostBytes: cacheBytes))
    }

    init(_ reader: any OrderedReader, _ cache: ContentCache) {
        shelf = ObjectShelf(reader: reader, cache: cache)
        references = ReferenceTable(reader: reader)
        grafts = GraftTable(reader: reader)
    }

    /// All models, in the order of their names; `ModelLimits.models` at most.
    public func models() throws(HistoryError) -> [ModelName] { try references.models() }

    /// nil if there is no such model.
    ///
    /// - Complexity: two look-ups.
    public func head(_ model: ModelName) throws(HistoryError) -> HeadState? {
        switch try references.head(model) {
        case .branch(let name):
            HeadState(head: .branch(name), commit: try references.target(model, .branch(name)))
        case .detached(let id): HeadState(head: .detached(id), commit: id)
        case nil: nil
        }
    }

    /// Branches and tags of a model, in the order of their names.
    public func references(_ model: ModelName) throws(HistoryError) -> [(
        reference: Reference, target: ObjectID
    )] { try references.all(model) }

    /// The last moves of a model's references, the last first.
    public func reflog(_ model: ModelName, limit: Int) throws(HistoryError) -> [ReflogEntry] {
        try references.reflog(model, limit: limit)
    }

    /// - Throws: `damaged`.
    public func commit(_ id: ObjectID) throws(HistoryError) -> ModelCommit {
        guard let commit = ModelCommit(try shelf.content(id, .commit)) else { throw .damaged(id, .encoding) }
        return commit
    }

    /// What a version goes on from: its parents, or those that stand for them where they were let go of.
    ///
    /// - Throws: `damaged`.
    public func parents(of id: ObjectID, _ commit: ModelCommit) throws(HistoryError) -> [ObjectID] {
        try grafts.parents(of: id) ?? commit.parents
    }

    /// How many versions were let go of between one and what it goes on from.
    public func missing(before id: ObjectID, _ commit: ModelCommit) throws(HistoryError) -> UInt64 {
        guard let parents = try grafts.parents(of: id) else { return 0 }
        guard let first = parents.first else { return commit.version }
        let version = try self.commit(first).version
        return commit.version > version ? commit.version - version - 1 : 0
    }

    /// The parts of a version by their names, without their bytes.
    public func tree(of commit: ModelCommit) throws(HistoryError) -> ModelTree {
        guard let tree = ModelTree(try shelf.content(commit.tree, .tree)) else {
            throw .damaged(commit.tree, .encoding)
        }
        return tree
    }

    /// A version with the bytes of all its parts, each compared with its id.
    public func read(_ id: ObjectID) throws(HistoryError) -> ModelVersion {
        let commit = try commit(id)
        var parts: [String: [UInt8]] = [:]
        for part in try tree(of: commit).parts { parts[part.name] = try bytes(of: part) }
        return ModelVersion(id: id, commit: commit, parts: parts)
    }

    public func bytes(of part: ModelTree.Part) throws(HistoryError) -> [UInt8] {
        let bytes = try shelf.content(part.blob, .blob)
        guard bytes.count == Int(part.byteCount) else { throw .damaged(part.blob, .encoding) }
        return bytes
    }

    /// What a version was judged with.
    public func data(of commit: ModelCommit) throws(HistoryError) -> LearningData {
        let bytes = try shelf.content(commit.data, .data)
        guard let data = try? LearningData(serializedBytes: bytes) else {
            throw .damaged(commit.data, .encoding)
        }
        return data
    }

    /// A version as the schemas tell it: its parts in one run of bytes, each behind its name and length as a
    /// `ModelTree` has them.
    public func learningModel(_ id: ObjectID) throws(HistoryError) -> LearningModel {
        let version = try read(id)
        var bytes = CanonicalWriter()
        bytes.count(version.parts.count)
        for part in try tree(of: version.commit).parts {
            let content = version.parts[part.name] ?? []
            bytes.text(part.name)
            bytes.count(content.count)
            bytes.raw(content)
        }
        return LearningModel.with { model in
            model.modelID = version.commit.model.text
            model.version = version.commit.version
            model.createdAt = version.commit.microseconds
            model.modelData = Data(bytes.bytes)
            model.performanceMetrics = version.commit.metrics
            model.parentVersions = version.commit.parents.map(\.hex)
        }
    }
}
