import TestSupport
import Testing

@testable import Audit

@Suite("The tree of the audit log") struct MerkleTests {
    /// The leaves and roots that implementations of RFC 6962 are compared by (certificate-transparency).
    private static let leaves: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        Array(0x50...0x57), Array(0x60...0x6F),
    ]
    private static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test("has the roots that RFC 6962's test vectors have") func vectors() {
        var frontier = MerkleFrontier()
        #expect(frontier.root.description == Self.roots[0])
        for (leaf, root) in zip(Self.leaves, Self.roots.dropFirst()) {
            frontier.append(.leaf(leaf))
            #expect(frontier.root.description == root)
        }
    }

    @Test("proves inclusion and consistency as RFC 6962's test vectors do") func provenVectors() throws {
        let tree = KeptTree(Self.leaves)
        #expect(
            tree.inclusion(of: 0, size: 8).map(\.description) == [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ])
        #expect(
            tree.inclusion(of: 5, size: 8).map(\.description) == [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ])
        #expect(
            tree.consistency(old: 6, new: 8).map(\.description) == [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ])
    }

    @Test("grows to the root that the definition gives, and can be taken up at any size") func growth() {
        let leaves = Self.random(130, seed: 5)
        let tree = KeptTree(leaves)
        var frontier = MerkleFrontier()
        for size in 0...leaves.count {
            #expect(frontier.root == NaiveTree.root(leaves[..<size]))
            #expect(MerkleFrontier(size: UInt64(size)) { tree.node($0) } == frontier)
            #expect(tree.root(size: UInt64(size)) == frontier.root)
            if size < leaves.count { frontier.append(.leaf(leaves[size])) }
        }
    }

    @Test("gives every proof that the definition gives, and takes each") func proofs() {
        let leaves = Self.random(40, seed: 6)
        let tree = KeptTree(leaves)
        for size in 1...leaves.count {
            let root = NaiveTree.root(leaves[..<size])
            for index in 0..<size {
                let path = tree.inclusion(of: UInt64(index), size: UInt64(size))
                #expect(path == NaiveTree.path(index, leaves[..<size]))
                #expect(
                    MerkleProof.includes(
                        .leaf(leaves[index]), at: UInt64(index), size: UInt64(size), path: path, root: root))
            }
            for old in 0...size {
                let path = tree.consistency(old: UInt64(old), new: UInt64(size))
                #expect(path == NaiveTree.proof(old, leaves[..<size]))
                #expect(
                    MerkleProof.extends(
                        NaiveTree.root(leaves[..<old]), old: UInt64(old), to: root, new: UInt64(size),
                        path: path))
            }
        }
    }

    @Test("refuses proofs in which anything was changed", arguments: [UInt64(11), 12, 13])
    func refusals(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let leaves = Self.random(Int.random(in: 2...70, using: &random), seed: random.next())
            let tree = KeptTree(leaves)
            let size = UInt64(leaves.count)
            let root = tree.root(size: size)
            let index = UInt64.random(in: 0..<size, using: &random)
            let leaf = MerkleHash.leaf(leaves[Int(index)])
            var path = tree.inclusion(of: index, size: size)
            let other = MerkleHash.leaf([0xEE])
            #expect(
                !MerkleProof.includes(other, at: index, size: size, path: path, root: root), "seed \(seed)")
            let wrong = (index + UInt64.random(in: 1..<size, using: &random)) % size
            #expect(
                !MerkleProof.includes(leaf, at: wrong, size: size, path: path, root: root), "seed \(seed)")
            path[Int.random(in: path.indices, using: &random)] = other
            #expect(
                !MerkleProof.includes(leaf, at: index, size: size, path: path, root: root), "seed \(seed)")
            let old = UInt64.random(in: 1..<size, using: &random)
            var steps = tree.consistency(old: old, new: size)
            let oldRoot = tree.root(size: old)
            #expect(!MerkleProof.extends(other, old: old, to: root, new: size, path: steps), "seed \(seed)")
            steps[Int.random(in: steps.indices, using: &random)] = other
            #expect(!MerkleProof.extends(oldRoot, old: old, to: root, new: size, path: steps), "seed \(seed)")
            #expect(!MerkleProof.extends(oldRoot, old: old, to: root, new: size, path: []), "seed \(seed)")
        }
    }

    private static func random(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in random.bytes(Int.random(in: 0...20, using: &random)) }
    }
}
