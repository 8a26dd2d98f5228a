/// Tree heads that were set down outside of a store.
public struct AuditEvidence: Sendable {
    /// Nil in place of a file that holds no head.
    private(set) var heads: [(file: String, head: SignedHead?)]

    public var isEmpty: Bool { heads.isEmpty }

    /// Adds a head that an operator noted.
    public mutating func add(noted head: SignedHead) { heads.append((file: "noted", head: head)) }
}
