import Storage

/// What a kept version goes on from where the versions between were let go of: the commits that stand for its
/// parents, as git's grafts do.
///
/// A commit's bytes name its parents for ever, since its id is made of them; a graft lies beside it. An entry
/// is the commit's id with the ids of what stands for its parents, none where nothing before it is left.
struct GraftTable: Sendable {
    static let family = Family("model-grafts")

    let reader: any OrderedReader
    /// Grafts that are not written yet; nil in it: the commit has none.
    var pending: [ObjectID: [ObjectID]?] = [:]

    /// nil if the commit's own parents stand.
    ///
    /// - Throws: `damaged`.
    func parents(of id: ObjectID) throws(HistoryError) -> [ObjectID]? {
        if let pending = pending[id] { return pending }
        let value: [UInt8]?
        do throws(StorageError) {
            value = try reader.value(of: id.bytes, in: Self.family)
        } catch {
            // A store that was last written before there were grafts.
            if case .unknownFamily = error { return nil }
            throw .storage(error)
        }
        guard let value else { return nil }
        guard let parents = Self.parents(value, of: id) else { throw .damaged(id, .graft) }
        return parents
    }

    static func value(_ parents: [ObjectID], of id: ObjectID) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.count(parents.count)
        for parent in parents { writer.id(parent) }
        return CheckedValue.make(writer.bytes, for: id.bytes)
    }

    /// nil from bytes that no graft of the commit has.
    static func parents(_ value: [UInt8], of id: ObjectID) -> [ObjectID]? {
        guard let bytes = CheckedValue.read(value, for: id.bytes) else { return nil }
        var reader = CanonicalReader(bytes)
        guard let parents = read(&reader), reader.isAtEnd else { return nil }
        return parents
    }

    static func read(_ reader: inout CanonicalReader) -> [ObjectID]? {
        guard let count = reader.count(upTo: ModelLimits.parents) else { return nil }
        var parents: [ObjectID] = []
        for _ in 0..<count {
            guard let parent = reader.id(), !parents.contains(parent) else { return nil }
            parents.append(parent)
        }
        return parents
    }
}
