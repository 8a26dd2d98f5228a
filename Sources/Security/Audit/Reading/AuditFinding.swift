import Telemetry

/// What is wrong with a log, by name.
public enum AuditFinding: Hashable, Sendable {
    /// Entries were deleted: these places are empty, and later ones are not.
    case deleted(Range<UInt64>)
    /// An entry's bytes are not those that its hash was made of.
    case edited(UInt64)
    /// The entry at a place is that of another.
    case reordered(place: UInt64, holds: UInt64)
    /// The tree's hashes that are kept with an entry are not those of the entries.
    case hashesChanged(UInt64)
    /// What stands at a place is no entry of this version.
    case unreadable(UInt64)
    /// A key or head that no gateway writes.
    case foreign(key: String)
    /// The entries are not those that a tree head was signed over; the last one that fits was of `after`.
    case rewritten(after: UInt64, before: UInt64)
    /// The log has fewer entries than one of its own tree heads was signed over.
    case truncated(size: UInt64, signed: UInt64, timestamp: UInt64)
    /// The log has fewer entries than the witness saw, or none of its newer heads: it is an older state.
    case rolledBack(size: UInt64, witnessed: UInt64, timestamp: UInt64)
    /// The log's entries are not those that the witness saw.
    case diverged(witnessed: UInt64, timestamp: UInt64)
    /// It is the log of another directory.
    case swapped(found: String, expected: String)
    /// A tree head was changed.
    case headDamaged(size: UInt64)
    /// A tree head that the log's key did not sign.
    case headForged(size: UInt64)
    /// A log of so many entries that were witnessed has no tree head.
    case headsMissing(size: UInt64)
    /// A file that should hold what was witnessed holds something else.
    case witnessDamaged(path: String)
    /// The store itself finds its files damaged.
    case storeDamaged(detail: String)

    /// One word, for programs.
    public var name: String {
        switch self {
        case .deleted: "deleted"
        case .edited: "edited"
        case .reordered: "reordered"
        case .hashesChanged: "hashes_changed"
        case .unreadable: "unreadable"
        case .foreign: "foreign"
        case .rewritten: "rewritten"
        case .truncated: "truncated"
        case .rolledBack: "rolled_back"
        case .diverged: "diverged"
        case .swapped: "swapped"
        case .headDamaged: "head_damaged"
        case .headForged: "head_forged"
        case .headsMissing: "heads_missing"
        case .witnessDamaged: "witness_damaged"
        case .storeDamaged: "store_damaged"
        }
    }
}

extension AuditFinding: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .deleted(let range) where range.count == 1: "entry \(range.lowerBound) was deleted"
        case .deleted(let range): "entries \(range.lowerBound) to \(range.upperBound - 1) were deleted"
        case .edited(let place): "entry \(place) was edited: its hash is of other bytes"
        case .reordered(let place, let holds): "entry \(holds) stands in the place of entry \(place)"
        case .hashesChanged(let place): "the hashes kept with entry \(place) are not those of the entries"
        case .unreadable(let place): "what stands at \(place) is no entry"
        case .foreign(let key): "the key \(key) is none of the log's"
        case .rewritten(let after, let before):
            "entries \(after) to \(before - 1) are not those that were signed: edited, or in another order"
        case .truncated(let size, let signed, let timestamp):
            "the log was cut off at \(size) entries; \(signed) were signed at \(Timestamp.text(timestamp))"
        case .rolledBack(let size, let witnessed, let timestamp):
            "the log was rolled back: it has \(size) entries, and had \(witnessed) at "
                + Timestamp.text(timestamp)
        case .diverged(let witnessed, let timestamp):
            "the first \(witnessed) entries are not those that were there at \(Timestamp.text(timestamp))"
        case .swapped(let found, let expected): "it is another log, \(found), in the place of \(expected)"
        case .headDamaged(let size): "the tree head of \(size) entries was changed"
        case .headForged(let size): "the tree head of \(size) entries was not signed with the log's key"
        case .headsMissing(let size): "the tree heads were deleted; \(size) entries had been signed"
        case .witnessDamaged(let path): "the witness \(path) holds no tree head"
        case .storeDamaged(let detail): "the store is damaged: \(detail)"
        }
    }
}
