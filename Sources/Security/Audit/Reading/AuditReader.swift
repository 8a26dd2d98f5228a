import Schemas
import Storage

/// Reads a log where it lies; the log may grow meanwhile.
public struct AuditReader: MerkleNodes, Sendable {
    private let store: any OrderedReader

    public init(_ store: any OrderedReader) { self.store = store }

    /// How many entries there are.
    public func size() throws(AuditFailure) -> UInt64 {
        let last = try stored { store throws(StorageError) in
            try store.entries(in: .all, of: AuditFamilies.entries, .backward, limit: 1).first
        }
        guard let last else { return 0 }
        guard let places = AuditFamilies.places(last.key) else {
            throw .found(.foreign(key: Hex.text(last.key)))
        }
        return places.upperBound
    }

    public func node(_ place: MerklePlace) throws(AuditFailure) -> MerkleHash {
        let found = try storedEntry(place.lastLeaf)
        guard found.hashes.indices.contains(place.level) else { throw .found(.unreadable(place.lastLeaf)) }
        return found.hashes[place.level]
    }

    /// The bytes of an entry, which are a leaf of the tree.
    public func bytes(of place: UInt64) throws(AuditFailure) -> [UInt8] {
        Array(try storedEntry(place).entry)
    }

    public func entry(_ place: UInt64) throws(AuditFailure) -> AuditEntry {
        guard let entry = try? AuditEntry(serializedBytes: try bytes(of: place)) else {
            throw .found(.unreadable(place))
        }
        return entry
    }

    /// The newest tree head, nil where there is none.
    public func newestHead() throws(AuditFailure) -> SignedHead? {
        let last = try stored { store throws(StorageError) in
            try store.entries(in: .all, of: AuditFamilies.heads, .backward, limit: 1).first
        }
        guard let last else { return nil }
        guard let size = AuditFamilies.number(last.key) else {
            throw .found(.foreign(key: Hex.text(last.key)))
        }
        guard let head = SignedHead(bytes: last.value), head.head.size == size else {
            throw .found(.headDamaged(size: size))
        }
        return head
    }

    /// The log's name: what its first entry says, else its newest head; nil for a log that was not begun.
    public func log() throws(AuditFailure) -> LogID? {
        guard try size() > 0 else { return nil }
        if case .run(let run)? = (try? entry(0))?.what, let log = LogID(Array(run.logID)) { return log }
        if let head = try newestHead() { return head.head.log }
        throw .found(.deleted(0..<1))
    }

    /// Shows that the tree of `head` has the entry at a place.
    public func proof(of place: UInt64, in head: SignedHead) throws(AuditFailure) -> InclusionProof {
        guard place < head.head.size else { throw .beyond(place: place, size: head.head.size) }
        return InclusionProof(
            index: place, entry: try bytes(of: place), path: try inclusion(of: place, size: head.head.size),
            head: head)
    }

    private func storedEntry(_ place: UInt64) throws(AuditFailure) -> StoredEntry {
        guard let found = try EntryCursor.entry(store, holding: place),
            let places = AuditFamilies.places(found.key)
        else { throw .found(.deleted(place..<place + 1)) }
        guard let values = AuditFamilies.values(found.value, of: found.key, at: places),
            let entry = StoredEntry(values[Int(place - places.lowerBound)], at: place)
        else { throw .found(.unreadable(place)) }
        return entry
    }

    private func stored<Value>(
        _ body: (any OrderedReader) throws(StorageError) -> Value
    ) throws(AuditFailure) -> Value {
        do throws(StorageError) { return try body(store) } catch { throw AuditFailure(error) }
    }
}
