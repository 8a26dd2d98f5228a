/// What a look at a whole log brought.
public struct AuditReport: Hashable, Sendable {
    /// Findings that are told one by one.
    static let mostFindings = 100

    public internal(set) var log: LogID?
    public internal(set) var size: UInt64 = 0
    public internal(set) var root = MerkleHash.empty
    public internal(set) var newestHead: SignedHead?
    public internal(set) var heads = 0
    /// Entries that no head covers yet: what came last may still be changed without a trace.
    public internal(set) var unsigned: UInt64 = 0
    public internal(set) var findings: [AuditFinding] = []
    public internal(set) var furtherFindings = 0

    public var isSound: Bool { findings.isEmpty }

    mutating func add(_ finding: AuditFinding) {
        if findings.contains(finding) { return }
        if findings.count < Self.mostFindings { findings.append(finding) } else { furtherFindings += 1 }
    }
}
