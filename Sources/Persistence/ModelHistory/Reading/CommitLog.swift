/// Commits from some on back, children before their parents, the newest first where that leaves a choice.
///
/// It reads a commit when its turn comes, so that the first of a long history are there at once; a child that
/// is older than its parent by the clock, which a wrong clock makes, may come after it.
public struct CommitLog {
    private let reader: ModelReader
    private var open: [(id: ObjectID, commit: ModelCommit)] = []
    private var seen: Set<ObjectID> = []

    init(_ reader: ModelReader, from starts: [ObjectID]) throws(HistoryError) {
        self.reader = reader
        for start in starts { try add(start) }
    }

    /// nil at the end.
    public mutating func next() throws(HistoryError) -> (id: ObjectID, commit: ModelCommit)? {
        guard let newest = open.indices.max(by: { isOlder(open[$0], open[$1]) }) else { return nil }
        let found = open.remove(at: newest)
        for parent in try reader.parents(of: found.id, found.commit) { try add(parent) }
        return found
    }

    private mutating func add(_ id: ObjectID) throws(HistoryError) {
        guard seen.insert(id).inserted else { return }
        try HistoryError.check(.walkedCommits, seen.count, Ancestry.mostCommits)
        open.append((id, try reader.commit(id)))
    }

    private func isOlder(
        _ one: (id: ObjectID, commit: ModelCommit), _ other: (id: ObjectID, commit: ModelCommit)
    ) -> Bool {
        let (left, right) = (one.commit, other.commit)
        // Of equal times, as fast commits have, the one further from the root is first.
        return (left.microseconds, left.version, other.id) < (right.microseconds, right.version, one.id)
    }
}
