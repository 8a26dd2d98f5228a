import Foundation
import Schemas
import Storage
import Testing

@testable import Audit

@Suite("A tampered audit log") struct TamperTests {
    /// A log of 1 + 40 entries, signed at several sizes.
    private func rig() throws -> AuditRig {
        let rig = try AuditRig()
        for _ in 0..<8 {
            for _ in 0..<5 { rig.call() }
            rig.turn(after: 61_000_000)
        }
        #expect(try rig.verify().isSound)
        return rig
    }

    private func change(_ rig: AuditRig, _ body: (inout WriteBatch) throws -> Void) throws {
        var batch = WriteBatch()
        try body(&batch)
        try rig.store.write(batch, .durable)
    }

    private func value(_ rig: AuditRig, _ place: UInt64) throws -> [UInt8] {
        try #require(try rig.store.value(of: AuditFamilies.key(place), in: AuditFamilies.entries))
    }

    /// Another log of the same entries but for some, as somebody who can compute hashes would write it.
    private func rebuilt(_ rig: AuditRig, _ edit: (inout AuditEntry) -> Void) throws -> WriteBatch {
        var batch = WriteBatch()
        var ledger = AuditLedger(begun: try #require(try rig.reader.log()))
        for var entry in try rig.entries() {
            edit(&entry)
            ledger.append(entry, to: &batch)
        }
        return batch
    }

    @Test("is told from a sound one where an entry was deleted") func deletion() throws {
        let rig = try rig()
        try change(rig) { $0.delete(AuditFamilies.key(17), in: AuditFamilies.entries) }
        #expect(try rig.verify().findings == [.deleted(17..<18)])
        try change(rig) { $0.delete(AuditFamilies.key(18), in: AuditFamilies.entries) }
        #expect(try rig.verify().findings == [.deleted(17..<19)])
        try change(rig) { $0.delete(AuditFamilies.key(0), in: AuditFamilies.entries) }
        #expect(try rig.verify().findings == [.deleted(0..<1), .deleted(17..<19)])
    }

    @Test("is told where an entry was edited") func edit() throws {
        let rig = try rig()
        var bytes = try value(rig, 6)
        bytes[bytes.count - 1] ^= 1
        try change(rig) { $0.put(bytes, for: AuditFamilies.key(6), in: AuditFamilies.entries) }
        #expect(try rig.verify().findings == [.edited(6)])
    }

    @Test("is told where an entry was edited together with its hash, or with all hashes") func hashedEdit()
        throws
    {
        let rig = try rig()
        var entry = try rig.reader.entry(8)
        entry.call.principal = "eve"
        let bytes: [UInt8] = try entry.serializedBytes()
        let forged = MerkleHash.leaf(bytes).bytes + bytes
        try change(rig) { $0.put(forged, for: AuditFamilies.key(8), in: AuditFamilies.entries) }
        let findings = try rig.verify().findings
        #expect(findings.contains(.hashesChanged(9)) && findings.contains(.rewritten(after: 6, before: 11)))

        let other = try self.rig()
        let batch = try rebuilt(other) { if $0.sequence == 8 { $0.call.principal = "eve" } }
        try other.store.write(batch, .durable)
        let report = try other.verify()
        #expect(report.findings.contains(.rewritten(after: 6, before: 11)))
        #expect(report.findings.contains { $0.name == "diverged" })
    }

    @Test("is told where entries changed places, with or without their hashes") func reordering() throws {
        let rig = try rig()
        let (first, second) = (try value(rig, 12), try value(rig, 14))
        try change(rig) {
            $0.put(second, for: AuditFamilies.key(12), in: AuditFamilies.entries)
            $0.put(first, for: AuditFamilies.key(14), in: AuditFamilies.entries)
        }
        let findings = try rig.verify().findings
        #expect(findings.contains(.reordered(place: 12, holds: 14)))
        #expect(findings.contains(.reordered(place: 14, holds: 12)))

        let other = try self.rig()
        let (a, b) = (try other.reader.entry(12), try other.reader.entry(14))
        let batch = try rebuilt(other) { entry in
            if entry.sequence == 12 { entry = b } else if entry.sequence == 14 { entry = a }
        }
        try other.store.write(batch, .durable)
        #expect(try other.verify().findings.first == .rewritten(after: 11, before: 16))
    }

    @Test("is told where its end was cut off, with or without its newest heads") func truncation() throws {
        let rig = try rig()
        let size = try rig.reader.size()
        try change(rig) { batch in
            batch.delete(
                KeyRange(from: AuditFamilies.key(30), upTo: nil), in: AuditFamilies.entries)
        }
        let head = try #require(try rig.reader.newestHead())
        #expect(
            try rig.verify().findings == [
                .truncated(size: 30, signed: size, timestamp: head.head.timestamp),
                .rolledBack(size: 30, witnessed: size, timestamp: head.head.timestamp),
            ])
        try change(rig) { batch in
            batch.delete(KeyRange(from: AuditFamilies.key(31), upTo: nil), in: AuditFamilies.heads)
        }
        #expect(
            try rig.verify().findings == [
                .rolledBack(size: 30, witnessed: size, timestamp: head.head.timestamp)
            ])
    }

    @Test("is told where the directory is an older one, also by the gateway that starts on it, for good")
    func rollBack() throws {
        let old = try rig()
        var copy = WriteBatch()
        for family in AuditFamilies.all {
            for entry in try old.store.entries(in: .all, of: family, limit: 1000) {
                copy.put(entry.value, for: entry.key, in: family)
            }
        }
        let size = try old.reader.size()
        for _ in 0..<3 { old.call() }
        old.turn()
        let witnessed = try #require(try old.reader.newestHead()).head
        var wipe = WriteBatch()
        for family in AuditFamilies.all { wipe.delete(.all, in: family) }
        try old.store.write(wipe, .durable)
        try old.store.write(copy, .durable)
        let expected = AuditFinding.rolledBack(
            size: size, witnessed: witnessed.size, timestamp: witnessed.timestamp)
        #expect(try old.verify().findings == [expected])
        try old.restart()
        old.turn()
        #expect(old.worker.status.findings == [expected])
        guard case .findings(let told)? = try old.reader.entry(size + 1).what else {
            Issue.record("nothing was written of it")
            return
        }
        #expect(told.findings == [expected.description])
        for _ in 0..<9 { old.call() }
        old.turn()
        // It has grown beyond what was witnessed, which is another history now.
        #expect(try old.verify().findings.map(\.name) == ["diverged"])
    }

    @Test("is told where another log stands in its place") func swap() throws {
        let (rig, other) = (try rig(), try rig())
        var batch = WriteBatch()
        for family in AuditFamilies.all {
            batch.delete(.all, in: family)
            for entry in try other.store.entries(in: .all, of: family, limit: 1000) {
                batch.put(entry.value, for: entry.key, in: family)
            }
        }
        let (own, foreign) = (try #require(try rig.reader.log()), try #require(try other.reader.log()))
        try rig.store.write(batch, .durable)
        #expect(try rig.verify().findings == [.swapped(found: foreign.origin, expected: own.origin)])
        try rig.restart()
        rig.turn()
        #expect(rig.worker.status.findings == [.swapped(found: foreign.origin, expected: own.origin)])
    }

    @Test("is told where all of it was deleted") func emptied() throws {
        let rig = try rig()
        try change(rig) { batch in for family in AuditFamilies.all { batch.delete(.all, in: family) } }
        #expect(try rig.verify().findings.map(\.name) == ["rolled_back"])
        try rig.restart()
        rig.turn()
        #expect(rig.worker.status.findings.map(\.name) == ["rolled_back"])
    }

    @Test("is told where its heads were deleted, changed, or signed with another key") func heads() throws {
        let rig = try rig()
        let head = try #require(try rig.reader.newestHead())
        let text = Array(head.text.utf8)
        for at in text.indices {
            var changed = text
            changed[at] ^= 1
            try change(rig) {
                $0.put(changed, for: AuditFamilies.key(head.head.size), in: AuditFamilies.heads)
            }
            let findings = try rig.verify().findings
            let size = head.head.size
            #expect(
                findings == [.headDamaged(size: size)] || findings == [.headForged(size: size)],
                "at \(at): \(findings)")
        }
        let thief = try #require(AuditKey(seed: [UInt8](repeating: 9, count: 32)))
        let forged = try #require(thief.sign(head.head))
        try change(rig) {
            $0.put(Array(forged.text.utf8), for: AuditFamilies.key(head.head.size), in: AuditFamilies.heads)
        }
        #expect(try rig.verify().findings == [.headForged(size: head.head.size)])
        try change(rig) { $0.delete(.all, in: AuditFamilies.heads) }
        #expect(try rig.verify().findings == [.headsMissing(size: head.head.size)])
    }
}
