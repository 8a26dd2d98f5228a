import Schemas
import Storage
import TestSupport
import Testing

@testable import Audit

@Suite("An act that is noted while no gateway runs") struct NoteTests {
    private static let act = AuditEvent.act(
        action: "keys rotate", origin: "command", outcome: "applied", details: ["by ada"])

    private func note(_ rig: AuditRig) throws -> Bool {
        try AuditLog.note(Self.act, in: rig.store, key: rig.key, witness: rig.witness, version: "1")
    }

    @Test("is the log's last entry, signed and witnessed, and the gateway goes on behind it") func appended()
        throws
    {
        let rig = try AuditRig()
        for _ in 0..<5 { rig.call() }
        rig.turn(isLast: true)
        let size = try rig.reader.size()
        #expect(try note(rig))
        #expect(try rig.reader.size() == size + 1)
        let entry = try rig.reader.entry(size)
        #expect(entry.act.action == "keys rotate" && entry.act.origin == "command")
        #expect(try rig.reader.newestHead()?.head.size == size + 1)
        #expect(try rig.verify().isSound)
        try rig.restart()
        rig.call()
        rig.turn(isLast: true)
        #expect(rig.worker.status.findings.isEmpty)
        #expect(try rig.verify().isSound)
        #expect(try rig.reader.size() == size + 3)
    }

    @Test("is not noted where no log was begun") func unbegun() throws {
        let rig = try AuditRig()
        #expect(try !note(rig))
        #expect(try rig.reader.size() == 0)
    }

    @Test("tells of a log that was cut off before it, and the witness that shows it is kept")
    func tampered() throws {
        let rig = try AuditRig()
        for _ in 0..<5 { rig.call() }
        rig.turn(isLast: true)
        var batch = WriteBatch()
        batch.delete(AuditFamilies.key(5), in: AuditFamilies.entries)
        batch.delete(.all, in: AuditFamilies.heads)
        try rig.store.write(batch, .durable)
        #expect(try note(rig))
        let kinds = try rig.entries().suffix(2).map { $0.findings.findings.count }
        #expect(kinds == [1, 0])
        #expect(try rig.verify().findings.contains { $0.name == "diverged" })
    }

    @Test("is there as a whole or not at all, whichever operation of the disk fails") func faults() throws {
        for number in 0..<6 {
            let rig = try AuditRig()
            for _ in 0..<3 { rig.call() }
            rig.turn(isLast: true)
            let size = try rig.reader.size()
            rig.disk.fail(operation: rig.disk.operations + number, .noSpace)
            let isNoted = (try? note(rig)) ?? false
            rig.disk.restart(keepingUnsynced: 1 << 20)
            rig.store.reopen()
            #expect(try rig.verify().isSound, "operation \(number)")
            #expect(try rig.reader.size() >= size + (isNoted ? 1 : 0), "operation \(number)")
        }
    }
}
