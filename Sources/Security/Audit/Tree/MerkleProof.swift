/// Judges proofs that others made, as RFC 9162, sections 2.1.3.2 and 2.1.4.2, has it.
public enum MerkleProof {
    /// The longest path that a tree can have.
    public static let mostHashes = 64

    /// Whether `path` shows that the tree of `size` leaves with this root has the leaf at `index`.
    public static func includes(
        _ leaf: MerkleHash, at index: UInt64, size: UInt64, path: [MerkleHash], root: MerkleHash
    ) -> Bool {
        guard index < size else { return false }
        var first = index
        var last = size - 1
        var hash = leaf
        for step in path {
            guard last > 0 else { return false }
            if first & 1 == 1 || first == last {
                hash = .node(step, hash)
                while first & 1 == 0, first > 0 {
                    first >>= 1
                    last >>= 1
                }
            } else {
                hash = .node(hash, step)
            }
            first >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether `path` shows that the tree of `new` leaves begins with that of `old` leaves.
    public static func extends(
        _ oldRoot: MerkleHash, old: UInt64, to newRoot: MerkleHash, new: UInt64, path: [MerkleHash]
    ) -> Bool {
        guard old <= new else { return false }
        if old == 0 { return path.isEmpty && oldRoot == .empty }
        if old == new { return path.isEmpty && oldRoot == newRoot }
        var steps = path
        if old & (old - 1) == 0 { steps.insert(oldRoot, at: 0) }
        guard let start = steps.first else { return false }
        var first = old - 1
        var last = new - 1
        while first & 1 == 1 {
            first >>= 1
            last >>= 1
        }
        var (small, large) = (start, start)
        for step in steps.dropFirst() {
            guard last > 0 else { return false }
            if first & 1 == 1 || first == last {
                small = .node(step, small)
                large = .node(step, large)
                while first & 1 == 0, first > 0 {
                    first >>= 1
                    last >>= 1
                }
            } else {
                large = .node(large, step)
            }
            first >>= 1
            last >>= 1
        }
        return last == 0 && small == oldRoot && large == newRoot
    }
}
