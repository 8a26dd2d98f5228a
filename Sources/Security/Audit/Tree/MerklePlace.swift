/// Where a whole subtree stands: the leaves from `index << level` on, `1 << level` of them.
public struct MerklePlace: Hashable, Sendable {
    public var level: Int
    public var index: UInt64

    public init(level: Int, index: UInt64) {
        self.level = level
        self.index = index
    }

    /// The leaf whose coming made the subtree whole.
    var lastLeaf: UInt64 { (index << UInt64(level)) + (1 << UInt64(level)) - 1 }

    /// The whole subtrees that a subtree over a range of leaves is made of, the highest first.
    /// - Parameter leaves: begins where a subtree of its size may, as in the recursion of RFC 9162, 2.1.1.
    static func peaks(of leaves: Range<UInt64>) -> [MerklePlace] {
        var places: [MerklePlace] = []
        var start = leaves.lowerBound
        while start < leaves.upperBound {
            let level = 63 - (leaves.upperBound - start).leadingZeroBitCount
            places.append(MerklePlace(level: level, index: start >> UInt64(level)))
            start += 1 << UInt64(level)
        }
        return places
    }
}
