/// What some commits lead to.
struct Reachability {
    let reader: ModelReader

    init(_ reader: ModelReader) { self.reader = reader }

    /// The commits, and all that they lead to: parents, trees, data and parts.
    ///
    /// - Parameters:
    ///   - known: what is not gone into, as it was marked before.
    ///   - ignoringDamage: whether what can't be read is passed over.
    func mark(
        from starts: Set<ObjectID>, known: Set<ObjectID> = [], ignoringDamage: Bool = false
    ) throws(HistoryError) -> Set<ObjectID> {
        var marked = known
        var open = starts.filter { marked.insert($0).inserted }
        while let id = open.popFirst() {
            do throws(HistoryError) {
                let commit = try reader.commit(id)
                for parent in try reader.parents(of: id, commit) where marked.insert(parent).inserted {
                    open.insert(parent)
                }
                marked.insert(commit.data)
                guard marked.insert(commit.tree).inserted else { continue }
                for part in try reader.tree(of: commit).parts { marked.insert(part.blob) }
            } catch {
                if !ignoringDamage { throw error }
                if case .storage = error { throw error }
            }
        }
        return marked
    }
}
