import Schemas
import Storage

/// Reads a whole log and compares everything in it with everything else.
///
/// Each entry with its hash and its place, the kept hashes with the entries, the root at each tree head with
/// what was signed, and the log with what was witnessed outside of the store.
/// - Complexity: linear in the log, in bounded memory.
public struct AuditVerification {
    private let reader: any OrderedReader
    private let verifier: AuditVerifier?
    private let evidence: AuditEvidence
    private var report = AuditReport()
    private var frontier: MerkleFrontier? = MerkleFrontier()
    private var next: UInt64 = 0
    /// The heads that are not passed yet, in the order of their sizes, and what witnesses tell of.
    private var marks: [Mark] = []
    /// The largest size at which the root was what was signed.
    private var lastFit: UInt64 = 0
    private var isRewritten = false

    private struct Mark {
        var head: TreeHead
        var isWitnessed: Bool
    }

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
        do throws(AuditFailure) {
            try readHeads()
            readWitnesses()
            marks.sort { $0.head.size < $1.head.size }
            marks.reverse()
            try readEntries()
        } catch {
            guard case .found(let finding) = error else { throw error }
            report.add(finding)
        }
        finish()
        return report
    }

    // MARK: Heads

    private mutating func readHeads() throws(AuditFailure) {
        let cursor = try AuditCursor(reader, AuditFamilies.heads)
        while let entry = try cursor.next() {
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
            marks.append(Mark(head: signed.head, isWitnessed: false))
        }
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
            if report.heads == 0 { report.add(.headsMissing(size: signed.head.size)) }
            marks.append(Mark(head: signed.head, isWitnessed: true))
        }
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
                compareMarks()
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

    private mutating func compareMarks() {
        while let mark = marks.last, mark.head.size <= next {
            marks.removeLast()
            guard mark.head.size == next, let root = frontier?.root else { continue }
            if root == mark.head.root {
                lastFit = next
            } else if mark.isWitnessed {
                report.add(.diverged(witnessed: next, timestamp: mark.head.timestamp))
            } else if !isRewritten {
                isRewritten = true
                report.add(.rewritten(after: lastFit, before: next))
            }
        }
    }

    // MARK: The end

    private mutating func finish() {
        report.size = next
        report.root = frontier?.root ?? .empty
        report.unsigned = next - min(next, report.newestHead?.head.size ?? 0)
        // Of each kind the largest says it all.
        if let mark = marks.first(where: { !$0.isWitnessed && $0.head.size > next }) {
            report.add(.truncated(size: next, signed: mark.head.size, timestamp: mark.head.timestamp))
        }
        if let mark = marks.first(where: { $0.isWitnessed && $0.head.size > next }) {
            report.add(.rolledBack(size: next, witnessed: mark.head.size, timestamp: mark.head.timestamp))
        }
    }
}
