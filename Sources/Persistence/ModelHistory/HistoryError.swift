import Storage

/// Why a history did not do what it was asked.
public enum HistoryError: Error, Equatable, Sendable {
    /// What is wrong with an object.
    public enum Damage: Equatable, Sendable {
        case missing
        /// Its record is not what was written.
        case record
        /// What it is a delta against is damaged, missing, or further away than is allowed.
        case base(ObjectID)
        /// Its bytes are not those that its id was made of.
        case content
        /// It has the id of its bytes, and they are none of its kind.
        case encoding
        /// What says where it goes on from is not what was written.
        case graft
    }

    /// What is limited, by `ModelLimits`.
    public enum Bound: Equatable, Sendable {
        case parts, modelBytes, parents, authorBytes, messageBytes, metrics, dataBytes, models, references
        case bundleBytes, bundleObjects, codeVersionBytes, walkedCommits
    }

    /// Which names are meant.
    public enum NameKind: String, Equatable, Sendable {
        case model, kind, part, branch, tag
    }

    /// Why two versions were not merged.
    public enum MergeRefusal: Equatable, Sendable {
        /// No commit is an ancestor of both.
        case unrelated
        /// Nobody knows parts of this kind, or the two are of different kinds.
        case kind(String)
        /// The parts are not what their kind says.
        case parts
        /// A weight is finite, over 0 and at most 1,000.
        case weight
    }

    /// Why a bundle was not taken.
    public enum BundleFault: Equatable, Sendable {
        /// It does not begin as one.
        case notBundle
        case unsupportedVersion(UInt32)
        /// It ends before its end, or goes on after it.
        case cutShort
        /// Its checksum is not that of its bytes.
        case checksum
        /// An object, counted from 0, is not what its id says, or lacks what it needs.
        case object(Int)
        case reference(String)
    }

    case storage(StorageError)
    case damaged(ObjectID, Damage)
    /// A branch, a tag, a HEAD or an entry of a reflog is not what was written.
    case damagedReference(model: String, name: String)
    case noModel(String)
    /// Nothing is called so: no branch, no tag, no commit.
    case noRevision(String)
    /// So many commits begin with these digits.
    case ambiguous(String, commits: Int)
    case malformedName(NameKind, String)
    case malformedMetric(String)
    case exists(NameKind, String)
    case noSuch(NameKind, String)
    /// HEAD is on it.
    case checkedOut(branch: String)
    /// A branch is where another process or thread has moved it.
    case moved(expected: ObjectID?, found: ObjectID?)
    case tooLarge(Bound, found: Int, limit: Int)
    case unmerged(MergeRefusal)
    /// A root has nothing before it.
    case noParent(ObjectID)
    /// The version before it was let go of, as old ones are.
    case thinned(ObjectID)
    case bundle(BundleFault)
}

extension HistoryError {
    /// Runs something on a store.
    static func storing<Result>(
        _ body: () throws(StorageError) -> Result
    ) throws(HistoryError) -> Result {
        do throws(StorageError) { return try body() } catch { throw .storage(error) }
    }

    /// - Throws: `tooLarge` for the name of somebody who changes a history.
    public static func check(author: String) throws(HistoryError) {
        try check(.authorBytes, author.utf8.count, ModelLimits.authorBytes)
    }

    static func check(_ bound: Bound, _ found: Int, _ limit: Int) throws(HistoryError) {
        guard found <= limit else { throw .tooLarge(bound, found: found, limit: limit) }
    }
}
