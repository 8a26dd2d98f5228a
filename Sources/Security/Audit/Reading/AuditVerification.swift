import Schemas
import Storage

/// Reads a whole log and compares everything in it with everything else.
///
/// Each entry with its hash and its place, the kept hashes with the entries, the root at each tree head with
/// what was signed, and the log with what was witnessed outside of the store.
/// - Complexity: linear in the log, in bounded memory: entries and heads are read side by side.
public struct AuditVerification {
    private let reader: any OrderedReader
    private let verifier: AuditVerifier?
    private let evidence: AuditEvidence
    private var report = AuditReport()
    private var frontier: MerkleFrontier? = MerkleFrontier()
    private var next: UInt64 = 0
    /// The heads that are not read yet, in the order of their sizes; nil before the first, and at the end.
    private var heads: AuditCursor?
    /// The next of them.
    private var upcoming: TreeHead?
    /// What witnesses tell of that was not passed yet, the largest first.
    private var witnessed: [TreeHead] = []
    private var largestWitnessed: UInt64 = 0
    /// The largest size at which the root was what was signed.
    private var lastFit: UInt64 = 0
    private var isRewritten = false

    /// - Parameters:
    ///   - reader: does not change meanwhile: a snapshot, or a secondary.
    ///   - publicKey: the log's, as the operator knows it.
    ///   - evidence: gathered before `reader` was, since the log may be written on meanwhile.
    public init(_ reader: any OrderedReader, publicKey: [UInt8], _ evidence: AuditEvidence) {
        self.reader = reader
        self.evidence = evidence
        report.log = try? AuditReader(reader).log()
        verifier = report.log.flatMap { AuditVerifier($0, publicKey: publicKey) }
    }

    /// - Throws: what a store throws other than that it is damaged, which is a finding.
    public mutating func run() throws(AuditFailure) -> AuditReport {
        readWitnesses()
        try finding { this throws(AuditFailure) in
            this.heads = try AuditCursor(this.reader, AuditFamilies.heads)
            try this.advance()
        }
        try finding { this throws(AuditFailure) in try this.readEntries() }
        try finding { this throws(AuditFailure) in try this.finish() }
        return report
    }

    /// Damage that ends a part of the work is a finding.
    private mutating func finding(
        _ body: (inout AuditVerification) throws(AuditFailure) -> Void
    ) throws(AuditFailure) {
        do throws(AuditFailure) { try body(&self) } catch {
            guard case .found(let finding) = error else { throw error }
            report.add(finding)
        }
    }

    // MARK: Heads

    /// Goes on to the next head that is the log's own.
    private mutating func advance() throws(AuditFailure) {
        upcoming = nil
        while let entry = try heads?.next() {
            guard let size = AuditFamilies.number(entry.key) else {
                report.add(.foreign(key: Hex.text(entry.key)))
                continue
            }
            guard let signed = SignedHead(bytes: entry.value), signed.head.size == size else {
                report.add(.headDamaged(size: size))
                continue
            }
            guard verifier?.accepts(signed) ?? false else {
                report.add(.headForged(size: size))
                continue
            }
            report.heads += 1
            report.newestHead = signed
            upcoming = signed.head
            return
        }
        heads = nil
    }

    private mutating func readWitnesses() {
        for (file, signed) in evidence.heads {
            guard let signed else {
                report.add(.witnessDamaged(path: file))
                continue
            }
            guard let log = report.log else {
                report.add(
                    .rolledBack(size: 0, witnessed: signed.head.size, timestamp: signed.head.timestamp))
                continue
            }
            guard signed.head.log == log else {
                report.add(.swapped(found: log.origin, expected: signed.head.log.origin))
                continue
            }
            guard verifier?.accepts(signed) ?? false else {
                report.add(.witnessDamaged(path: file))
                continue
            }
            witnessed.append(signed.head)
        }
        witnessed.sort { $0.size > $1.size }
        largestWitnessed = witnessed.first?.size ?? 0
    }

    // MARK: Entries

    private mutating func readEntries() throws(AuditFailure) {
        var cursor = try EntryCursor(reader)
        while let step = try cursor.next() {
            switch step {
            case .foreign(let key): report.add(.foreign(key: Hex.text(key)))
            case .unreadable(let places):
                if places.lowerBound > next { skip(to: places.lowerBound) }
                report.add(.unreadable(places.lowerBound))
                frontier = nil
                next = max(next, places.upperBound)
            case .entry(let place, let value):
                guard place >= next else {
                    // It has a place that a pack has.
                    report.add(.foreign(key: Hex.text(AuditFamilies.key(place))))
                    continue
                }
                if place > next { skip(to: place) }
                read(value, at: place)
                next = place + 1
                try compareHeads()
            }
        }
    }

    /// Entries are missing: the tree goes on with the hashes that are kept behind them, where they are.
    private mutating func skip(to place: UInt64) {
        report.add(.deleted(next..<place))
        next = place
        takeUpKept(place)
    }

    private mutating func takeUpKept(_ size: UInt64) {
        let nodes = AuditReader(reader)
        frontier = try? MerkleFrontier(size: size) { place throws(AuditFailure) in try nodes.node(place) }
    }

    private mutating func read(_ value: ArraySlice<UInt8>, at place: UInt64) {
        guard let stored = StoredEntry(value, at: place) else {
            report.add(.unreadable(place))
            frontier = nil
            return
        }
        var leaf = MerkleHash.leaf(stored.entry)
        if leaf != stored.hashes[0] {
            report.add(.edited(place))
            // What was hashed once is compared with what was signed.
            leaf = stored.hashes[0]
        } else if let entry = try? AuditEntry(serializedBytes: Array(stored.entry)) {
            if entry.sequence != place { report.add(.reordered(place: place, holds: entry.sequence)) }
        } else {
            report.add(.unreadable(place))
        }
        guard frontier != nil else { return takeUpKept(place + 1) }
        if let made = frontier?.append(leaf), made != stored.hashes {
            report.add(.hashesChanged(place))
        }
    }

    private mutating func compareHeads() throws(AuditFailure) {
        while let head = upcoming, head.size <= next {
            compare(head, isWitnessed: false)
            // Entries behind it are read all the same if heads are damaged.
            try finding { this throws(AuditFailure) in try this.advance() }
        }
        while let head = witnessed.last, head.size <= next {
            compare(head, isWitnessed: true)
            witnessed.removeLast()
        }
    }

    private mutating func compare(_ head: TreeHead, isWitnessed: Bool) {
        guard head.size == next, let root = frontier?.root else { return }
        if root == head.root {
            lastFit = next
        } else if isWitnessed {
            report.add(.diverged(witnessed: next, timestamp: head.timestamp))
        } else if !isRewritten {
            isRewritten = true
            report.add(.rewritten(after: lastFit, before: next))
        }
    }

    // MARK: The end

    private mutating func finish() throws(AuditFailure) {
        report.size = next
        report.root = frontier?.root ?? .empty
        // Of each kind the largest says it all.
        var beyond: TreeHead?
        while let head = upcoming {
            beyond = head.size > next ? head : beyond
            try finding { this throws(AuditFailure) in try this.advance() }
        }
        report.unsigned = next - min(next, report.newestHead?.head.size ?? 0)
        if let head = beyond {
            report.add(.truncated(size: next, signed: head.size, timestamp: head.timestamp))
        }
        if report.heads == 0, largestWitnessed > 0 { report.add(.headsMissing(size: largestWitnessed)) }
        if let head = witnessed.first(where: { $0.size > next }) {
            report.add(.rolledBack(size: next, witnessed: head.size, timestamp: head.timestamp))
        }
    }
}
