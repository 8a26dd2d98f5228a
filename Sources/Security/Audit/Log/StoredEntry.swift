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

    /// Adds an entry to the tree, and appends it.
    /// - Parameter encode: appends the entry's bytes.
    static func append(
        at place: UInt64, in frontier: inout MerkleFrontier, to value: inout [UInt8],
        _ encode: (inout [UInt8]) -> Void
    ) {
        let start = value.count
        let entry = start + (place.trailingOnes + 1) * MerkleHash.byteCount
        value.append(contentsOf: repeatElement(0, count: entry - start))
        encode(&value)
        for (index, hash) in frontier.append(.leaf(value[entry...])).enumerated() {
            hash.write(to: &value, at: start + index * MerkleHash.byteCount)
        }
    }

    init?(_ value: [UInt8], at place: UInt64) { self.init(value[...], at: place) }

    /// None where there are too few bytes.
    init?(_ value: ArraySlice<UInt8>, at place: UInt64) {
        let count = place.trailingOnes + 1
        let bytes = count * MerkleHash.byteCount
        guard value.count > bytes else { return nil }
        hashes = (0..<count).compactMap { index in
            MerkleHash(value.dropFirst(index * MerkleHash.byteCount).prefix(MerkleHash.byteCount))
        }
        entry = value.dropFirst(bytes)
    }
}
