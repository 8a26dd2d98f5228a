/// What differs between two versions of a model.
public struct VersionDifference: Equatable, Sendable {
    /// A part whose bytes differ; nil where a version has no such part.
    public struct Part: Equatable, Sendable {
        public var name: String
        public var oldBytes: Int?
        public var newBytes: Int?
    }

    public var old: ObjectID
    public var new: ObjectID
    public var parts: [Part]
    /// What the parts' kind makes of them; nil if nobody knows it, or they are not what it says.
    public var items: [ModelDifference]?
    public var metrics: [ModelDifference.Field]
}

extension ModelReader {
    /// What differs between two versions.
    ///
    /// - Parameter kinds: those that can tell what the bytes mean.
    public func difference(
        from old: ObjectID, to new: ObjectID, kinds: [any ModelKind]
    ) throws(HistoryError) -> VersionDifference {
        let (before, after) = (try read(old), try read(new))
        let names = Set(before.parts.keys).union(after.parts.keys).sorted()
        let parts = names.filter { before.parts[$0] != after.parts[$0] }.map { name in
            VersionDifference.Part(
                name: name, oldBytes: before.parts[name]?.count, newBytes: after.parts[name]?.count)
        }
        var items: [ModelDifference]?
        if before.commit.kind == after.commit.kind,
            let kind = kinds.first(where: { $0.name == after.commit.kind })
        {
            items = kind.differences(from: before.parts, to: after.parts)
        }
        let (left, right) = (before.commit.metrics, after.commit.metrics)
        let metrics = Set(left.keys).union(right.keys).sorted().filter { left[$0] != right[$0] }
        return VersionDifference(
            old: old, new: new, parts: parts, items: items,
            metrics: metrics.map { ModelDifference.Field($0, left[$0], right[$0]) })
    }
}
