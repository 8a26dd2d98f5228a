/// What gives the hashes of a tree's whole subtrees.
public protocol MerkleNodes {
    associatedtype Failure: Error

    /// - Parameter place: one that the tree has.
    func node(_ place: MerklePlace) throws(Failure) -> MerkleHash
}

extension MerkleNodes {
    /// The hash of the leaves of a range, MTH of RFC 9162, section 2.1.1.
    ///
    /// - Parameter leaves: not empty, and such as the recursion there meets.
    /// - Complexity: O(log n) nodes.
    func hash(of leaves: Range<UInt64>) throws(Failure) -> MerkleHash {
        var places = MerklePlace.peaks(of: leaves)
        guard let last = places.popLast() else { return .empty }
        var hash = try node(last)
        while let place = places.popLast() { hash = .node(try node(place), hash) }
        return hash
    }

    /// The root of the tree of the first `size` leaves.
    public func root(size: UInt64) throws(Failure) -> MerkleHash { try hash(of: 0..<size) }

    /// PATH(index, D_size) of RFC 9162, section 2.1.3.1.
    ///
    /// - Parameter index: below `size`.
    /// - Complexity: O(log² size) nodes at most, for the ragged right edge; O(log size) else.
    public func inclusion(of index: UInt64, size: UInt64) throws(Failure) -> [MerkleHash] {
        var path: [MerkleHash] = []
        var leaves = 0..<size
        while leaves.leafCount > 1 {
            let middle = leaves.middle
            if index < middle {
                path.append(try hash(of: middle..<leaves.upperBound))
                leaves = leaves.lowerBound..<middle
            } else {
                path.append(try hash(of: leaves.lowerBound..<middle))
                leaves = middle..<leaves.upperBound
            }
        }
        return path.reversed()
    }

    /// PROOF(old, D_new) of RFC 9162, section 2.1.4.1; empty where there is nothing to prove.
    public func consistency(old: UInt64, new: UInt64) throws(Failure) -> [MerkleHash] {
        guard old > 0, old < new else { return [] }
        var path: [MerkleHash] = []
        var leaves = 0..<new
        var isWhole = true
        while leaves.upperBound != old {
            let middle = leaves.middle
            if old <= middle {
                path.append(try hash(of: middle..<leaves.upperBound))
                leaves = leaves.lowerBound..<middle
            } else {
                path.append(try hash(of: leaves.lowerBound..<middle))
                leaves = middle..<leaves.upperBound
                isWhole = false
            }
        }
        if !isWhole { path.append(try hash(of: leaves)) }
        return path.reversed()
    }
}

extension Range<UInt64> {
    /// Behind the largest power of two of leaves that leaves some over.
    fileprivate var middle: UInt64 {
        lowerBound + 1 << UInt64(63 - (leafCount - 1).leadingZeroBitCount)
    }

    fileprivate var leafCount: UInt64 { upperBound - lowerBound }
}
