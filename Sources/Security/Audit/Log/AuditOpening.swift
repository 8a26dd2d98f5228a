import Storage

/// What a gateway makes of a log that it finds: at its start, or in place of its own.
struct AuditOpening {
    let ledger: AuditLedger
    let isNew: Bool
    let findings: [AuditFinding]
    /// Whether the witness tells of another log than this one: it is evidence then, and to be set aside
    /// before another takes its place.
    let isContradicted: Bool

    /// Looks at what takes O(log n) reads: the tree's edge, its newest head, and the witness.
    ///
    /// It changes nothing.
    init(_ reader: AuditReader, _ key: AuditKey, _ witness: AuditWitness) throws(AuditFailure) {
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
        let contradiction = try Self.compare(witness, ledger, verifier, reader)
        isContradicted = contradiction != nil
        self.findings = findings + [contradiction].compactMap(\.self)
    }

    private static func compare(
        _ witness: AuditWitness, _ ledger: AuditLedger, _ verifier: AuditVerifier, _ reader: AuditReader
    ) throws(AuditFailure) -> AuditFinding? {
        do throws(AuditWitnessFault) {
            let last = try witness.heads().first { $0.file == witness.path }
            return last.flatMap { judge($0.head, $0.file, ledger, verifier, reader) }
        } catch {
            throw .witness(error)
        }
    }

    private static func judge(
        _ signed: SignedHead?, _ file: String, _ ledger: AuditLedger, _ verifier: AuditVerifier,
        _ reader: AuditReader
    ) -> AuditFinding? {
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
