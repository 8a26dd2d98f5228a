/// An entry as the store keeps it, with the hashes of the tree that it made whole.
///
/// | bytes | what |
/// |---|---|
/// | 32 | the hash of the entry as a leaf |
/// | 32 each | those of the subtrees that end with it, the lowest first: as many as its place has low ones |
/// | the rest | the entry, an `AuditEntry` |
///
/// So an entry is one write, and a subtree's hash one read: that of its last leaf.
struct StoredEntry {
    let hashes: [MerkleHash]
    let entry: ArraySlice<UInt8>

    /// What most entries take with their hashes.
    private static let usualBytes = 512

    /// Adds an entry to the tree.
    /// - Parameter encode: appends the entry's bytes.
    static func encode(
        at place: UInt64, in frontier: inout MerkleFrontier, _ encode: (inout [UInt8]) -> Void
    ) -> [UInt8] {
        let start = (place.trailingOnes + 1) * MerkleHash.byteCount
        var value: [UInt8] = []
        value.reserveCapacity(usualBytes)
        value.append(contentsOf: repeatElement(0, count: start))
        encode(&value)
        for (index, hash) in frontier.append(.leaf(value[start...])).enumerated() {
            hash.write(to: &value, at: index * MerkleHash.byteCount)
        }
        return value
    }

    /// None where there are too few bytes.
    init?(_ value: [UInt8], at place: UInt64) {
        let count = place.trailingOnes + 1
        let start = count * MerkleHash.byteCount
        guard value.count > start else { return nil }
        hashes = (0..<count).compactMap { index in
            MerkleHash(value[index * MerkleHash.byteCount..<(index + 1) * MerkleHash.byteCount])
        }
        entry = value[start...]
    }
}
