import Storage

/// Shows that a log's later tree begins with its earlier one.
public struct ConsistencyStatement: Hashable, Sendable {
    public let oldSize: UInt64
    public let oldRoot: MerkleHash
    public let newSize: UInt64
    public let newRoot: MerkleHash
    public let path: [MerkleHash]

    public var holds: Bool {
        MerkleProof.extends(oldRoot, old: oldSize, to: newRoot, new: newSize, path: path)
    }
}

extension AuditReader {
    /// - Throws: `beyond` where the log is shorter than `new`, or `old` is larger.
    public func consistency(from old: UInt64, to new: UInt64) throws(AuditFailure) -> ConsistencyStatement {
        let size = try size()
        guard new <= size else { throw .beyond(place: new, size: size) }
        guard old <= new else { throw .beyond(place: old, size: new) }
        return ConsistencyStatement(
            oldSize: old, oldRoot: try root(size: old), newSize: new, newRoot: try root(size: new),
            path: try consistency(old: old, new: new))
    }
}
