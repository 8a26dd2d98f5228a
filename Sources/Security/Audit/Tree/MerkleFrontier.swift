/// The right edge of a tree that grows: the roots of its whole subtrees, which is all that appending needs.
public struct MerkleFrontier: Hashable, Sendable {
    /// How many leaves there are.
    public private(set) var size: UInt64 = 0
    /// By height, the highest first: one for each bit of `size`.
    private var peaks: [MerkleHash] = []

    public init() {}

    /// Takes up a tree of `size` leaves, whose whole subtrees `node` knows.
    init<Failure: Error>(size: UInt64, node: (MerklePlace) throws(Failure) -> MerkleHash) throws(Failure) {
        self.size = size
        for place in MerklePlace.peaks(of: 0..<size) { peaks.append(try node(place)) }
    }

    /// Adds a leaf.
    ///
    /// - Returns: the hashes that it makes whole, the leaf's own first, each the parent of the one before.
    /// - Complexity: O(log size), amortized one node.
    @discardableResult
    public mutating func append(_ leaf: MerkleHash) -> [MerkleHash] {
        var made = [leaf]
        for _ in 0..<size.trailingOnes { made.append(.node(peaks.removeLast(), made[made.count - 1])) }
        peaks.append(made[made.count - 1])
        size += 1
        return made
    }

    /// The root of the tree as it is.
    public var root: MerkleHash {
        guard var root = peaks.last else { return .empty }
        for peak in peaks.dropLast().reversed() { root = .node(peak, root) }
        return root
    }
}

extension UInt64 {
    /// The number of ones at the low end, which is how many subtrees a leaf at this place completes.
    var trailingOnes: Int { (~self).trailingZeroBitCount }
}
