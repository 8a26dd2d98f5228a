/// Versions that are made of others.
extension ModelRepository {
    /// Makes one version of HEAD and another commit, with both as its parents.
    ///
    /// - Parameter metadata: of the commit; its metrics are the caller's to measure.
    /// - Throws: `unmerged`, `noModel`, `damaged`, `storage`.
    public func merge(
        _ model: ModelName, with other: ObjectID, _ rules: MergeRules = MergeRules(),
        kinds: [any ModelKind], metadata: CommitMetadata
    ) throws(HistoryError) -> MergeOutcome {
        guard rules.weight > 0, rules.weight <= MergeRules.mostWeight else { throw .unmerged(.weight) }
        return try changing { _, change throws(HistoryError) in
            let head = try reader.head(model)
            guard let ours = head?.commit else { throw .noModel(model.text) }
            _ = try own(other, of: model)
            let base = try reader.ancestry.mergeBase(ours, other)
            if base == other { return .upToDate(ours) }
            if base == ours, rules.weight == 1, !rules.alwaysCommits {
                let act = Act(
                    .merge, author: metadata.author, microseconds: metadata.microseconds,
                    note: metadata.message)
                try change.advance(model, head, to: other, act)
                return .forwarded(other)
            }
            guard base != nil || rules.allowsUnrelated else { throw .unmerged(.unrelated) }
            let merged = try combined(base: base, ours: ours, theirs: other, rules.weight, kinds)
            let id = try add(
                Draft(
                    model: model, kind: merged.kind, parts: merged.parts, metadata: metadata,
                    parents: [ours, other], action: .merge), head, &change)
            return .merged(id, base: base)
        }
    }

    /// Adds a version without what a commit brought: what came after it stays.
    ///
    /// - Throws: `noParent`, `unmerged`, `noModel`, `damaged`, `storage`.
    public func revert(
        _ model: ModelName, _ id: ObjectID, kinds: [any ModelKind], metadata: CommitMetadata
    ) throws(HistoryError) -> ObjectID {
        try changing { _, change throws(HistoryError) in
            let head = try reader.head(model)
            guard let ours = head?.commit else { throw .noModel(model.text) }
            let commit = try own(id, of: model)
            guard let before = commit.parents.first else { throw .noParent(id) }
            guard try reader.parents(of: id, commit).first == before else { throw .thinned(id) }
            let kind: ModelName
            let parts: [String: [UInt8]]
            if id == ours {
                // Nothing came after it: it is as it was, whatever the parts are.
                let version = try reader.read(before)
                (kind, parts) = (version.commit.kind, version.parts)
            } else {
                (kind, parts) = try combined(base: id, ours: ours, theirs: before, 1, kinds)
            }
            return try add(
                Draft(
                    model: model, kind: kind, parts: parts, metadata: metadata, parents: [ours],
                    action: .revert), head, &change)
        }
    }

    private func combined(
        base: ObjectID?, ours: ObjectID, theirs: ObjectID, _ weight: Double, _ kinds: [any ModelKind]
    ) throws(HistoryError) -> (kind: ModelName, parts: [String: [UInt8]]) {
        let own = try reader.read(ours)
        let other = try reader.read(theirs)
        let kind = own.commit.kind
        guard kind == other.commit.kind, let known = kinds.first(where: { $0.name == kind }) else {
            throw .unmerged(.kind(other.commit.kind.text))
        }
        let common = try base.map { id throws(HistoryError) in try reader.read(id).parts } ?? [:]
        guard
            let parts = known.merge(base: common, ours: own.parts, theirs: other.parts, weight: weight)
        else { throw .unmerged(.parts) }
        return (kind, parts)
    }
}
