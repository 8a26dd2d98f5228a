@testable import Audit

/// The definitions of RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1, to the letter.
enum NaiveTree {
    static func root(_ leaves: ArraySlice<[UInt8]>) -> MerkleHash {
        switch leaves.count {
        case 0: return .empty
        case 1: return .leaf(leaves[leaves.startIndex])
        default:
            let (left, right) = halves(leaves)
            return .node(root(left), root(right))
        }
    }

    static func path(_ index: Int, _ leaves: ArraySlice<[UInt8]>) -> [MerkleHash] {
        guard leaves.count > 1 else { return [] }
        let (left, right) = halves(leaves)
        return index < left.count
            ? path(index, left) + [root(right)] : path(index - left.count, right) + [root(left)]
    }

    static func proof(_ old: Int, _ leaves: ArraySlice<[UInt8]>) -> [MerkleHash] {
        old == 0 || old == leaves.count ? [] : subproof(old, leaves, isWhole: true)
    }

    private static func subproof(
        _ old: Int, _ leaves: ArraySlice<[UInt8]>, isWhole: Bool
    ) -> [MerkleHash] {
        if old == leaves.count { return isWhole ? [] : [root(leaves)] }
        let (left, right) = halves(leaves)
        if old <= left.count { return subproof(old, left, isWhole: isWhole) + [root(right)] }
        return subproof(old - left.count, right, isWhole: false) + [root(left)]
    }

    /// The left half has the largest power of two of leaves that leaves some over.
    private static func halves(
        _ leaves: ArraySlice<[UInt8]>
    ) -> (ArraySlice<[UInt8]>, ArraySlice<[UInt8]>) {
        var power = 1
        while power * 2 < leaves.count { power *= 2 }
        return (leaves.prefix(power), leaves.dropFirst(power))
    }
}
