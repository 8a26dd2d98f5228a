@testable import Audit

/// A tree whose whole subtrees are kept as the log keeps them: with the leaf that ends them.
struct KeptTree: MerkleNodes {
    private var kept: [[MerkleHash]] = []

    init(_ leaves: [[UInt8]]) {
        var frontier = MerkleFrontier()
        for leaf in leaves { kept.append(frontier.append(.leaf(leaf))) }
    }

    func node(_ place: MerklePlace) -> MerkleHash { kept[Int(place.lastLeaf)][place.level] }
}
