import Storage

/// What a gateway makes of the log that it finds at its start.
struct AuditOpening {
    let ledger: AuditLedger
    let isNew: Bool
    let findings: [AuditFinding]

    /// Looks at what takes O(log n) reads: the tree's edge, its newest head, and the witness.
    ///
    /// A witness that the log contradicts is set aside, so that the log can go on and the evidence stays.
    init(
        _ reader: AuditReader, _ key: AuditKey, _ witness: AuditWitness, now: UInt64
    ) throws(AuditFailure) {
        var findings: [AuditFinding] = []
        let found = try AuditLedger(reader)
        let ledger = found ?? AuditLedger(begun: LogID())
        self.ledger = ledger
        isNew = ledger.size == 0
        let verifier = key.verifier(of: ledger.log)
        do throws(AuditFailure) {
            if let head = try reader.newestHead() {
                if !verifier.accepts(head) {
                    findings.append(.headForged(size: head.head.size))
                } else if head.head.size > ledger.size {
                    findings.append(
                        .truncated(
                            size: ledger.size, signed: head.head.size, timestamp: head.head.timestamp))
                } else if try reader.root(size: head.head.size) != head.head.root {
                    findings.append(.rewritten(after: 0, before: head.head.size))
                }
            }
        } catch {
            guard case .found(let finding) = error else { throw error }
            findings.append(finding)
        }
        findings += try Self.compare(witness, ledger, verifier, reader, now)
        self.findings = findings
    }

    private static func compare(
        _ witness: AuditWitness, _ ledger: AuditLedger, _ verifier: AuditVerifier, _ reader: AuditReader,
        _ now: UInt64
    ) throws(AuditFailure) -> [AuditFinding] {
        do throws(AuditWitnessFault) {
            guard let last = try witness.heads().first(where: { $0.file == witness.path }) else { return [] }
            guard let finding = try judge(last.head, last.file, ledger, verifier, reader) else { return [] }
            try witness.setAside(at: now)
            return [finding]
        } catch {
            throw .witness(error)
        }
    }

    private static func judge(
        _ signed: SignedHead?, _ file: String, _ ledger: AuditLedger, _ verifier: AuditVerifier,
        _ reader: AuditReader
    ) throws(AuditWitnessFault) -> AuditFinding? {
        guard let signed else { return .witnessDamaged(path: file) }
        let head = signed.head
        if head.size > ledger.size || (ledger.size == 0) {
            guard ledger.size == 0 || head.log == ledger.log else {
                return .swapped(found: ledger.log.origin, expected: head.log.origin)
            }
            return .rolledBack(size: ledger.size, witnessed: head.size, timestamp: head.timestamp)
        }
        guard head.log == ledger.log else {
            return .swapped(found: ledger.log.origin, expected: head.log.origin)
        }
        guard verifier.accepts(signed) else { return .witnessDamaged(path: file) }
        guard let root = try? reader.root(size: head.size), root == head.root else {
            return .diverged(witnessed: head.size, timestamp: head.timestamp)
        }
        return nil
    }
}
