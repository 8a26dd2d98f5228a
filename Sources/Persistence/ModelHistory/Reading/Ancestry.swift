/// How commits descend from each other.
public struct Ancestry: Sendable {
    /// Commits that one question looks at, at most.
    static let mostCommits = 1_000_000

    let reader: ModelReader

    init(_ reader: ModelReader) { self.reader = reader }

    /// Whether `older` is `newer` or one of its ancestors.
    ///
    /// - Complexity: linear in the commits between.
    public func isAncestor(_ older: ObjectID, of newer: ObjectID) throws(HistoryError) -> Bool {
        try walk(from: [newer], until: older).contains(older)
    }

    /// The newest commit that is an ancestor of both, or one of them; nil if there is none.
    ///
    /// Where several are and none of them is an ancestor of another, which merges in both directions make, it
    /// is the one of the highest version, then of the lowest id: the same one on every machine.
    public func mergeBase(_ one: ObjectID, _ other: ObjectID) throws(HistoryError) -> ObjectID? {
        let common = try walk(from: [one]).intersection(try walk(from: [other]))
        var best: (id: ObjectID, version: UInt64)?
        var covered: Set<ObjectID> = []
        // What is behind another common ancestor is no merge base.
        for id in common { covered.formUnion(try reader.parents(of: id, try reader.commit(id))) }
        for id in common.subtracting(covered) {
            let version = try reader.commit(id).version
            guard let found = best else {
                best = (id, version)
                continue
            }
            if version > found.version || version == found.version && id < found.id { best = (id, version) }
        }
        return best?.id
    }

    /// All commits that can be reached, with those that it begins at.
    func walk(from starts: [ObjectID], until last: ObjectID? = nil) throws(HistoryError) -> Set<ObjectID> {
        var seen = Set(starts)
        var open = Array(seen)
        while let next = open.popLast() {
            if next == last { break }
            for parent in try reader.parents(of: next, try reader.commit(next))
            where seen.insert(parent).inserted {
                open.append(parent)
            }
            try HistoryError.check(.walkedCommits, seen.count, Self.mostCommits)
        }
        return seen
    }
}
