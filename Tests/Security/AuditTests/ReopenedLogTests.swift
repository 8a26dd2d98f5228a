import Foundation
import Schemas
import Storage
import TestSupport
import Testing

@testable import Audit

@Suite("An audit log whose store was opened anew while the gateway ran") struct ReopenedLogTests {
    /// A log of 1 + 15 entries, signed and witnessed.
    private func rig() throws -> AuditRig {
        let rig = try AuditRig()
        for _ in 0..<3 {
            for _ in 0..<5 { rig.call() }
            rig.turn()
        }
        #expect(try rig.verify().isSound)
        return rig
    }

    /// The store fails; it is there again when `change` was made to it, and the log is given time.
    private func fault(_ rig: AuditRig, _ change: () throws -> Void) throws {
        rig.store.fail(with: .inputOutput(.write, detail: "the device failed"))
        rig.call()
        rig.turn()
        #expect(rig.worker.status.state == "down")
        rig.store.fail(with: nil)
        try change()
        rig.turn()
        rig.turn()
    }

    private func findings(_ rig: AuditRig) throws -> [String] {
        try rig.entries().flatMap { entry in
            if case .findings(let told)? = entry.what { told.findings } else { [String]() }
        }
    }

    @Test("says that it is an older one, keeps the evidence, and goes on") func rollBack() throws {
        let rig = try rig()
        let copy = try rig.contents()
        for _ in 0..<5 { rig.call() }
        rig.turn()
        let witnessed = try #require(try rig.reader.newestHead()).head
        try fault(rig) { try rig.replace(with: copy) }
        let expected = AuditFinding.rolledBack(
            size: 16, witnessed: witnessed.size, timestamp: witnessed.timestamp)
        #expect(rig.worker.status.findings == [expected] && rig.worker.status.state == "tampered")
        #expect(try findings(rig) == [expected.description])
        #expect(try rig.callIDs() == Array(1...15) + [21])
        #expect(try rig.verify().findings.map(\.name) == ["rolled_back"])
        rig.call()
        rig.turn()
        #expect(try rig.callIDs().last == 22 && findings(rig).count == 1)
    }

    @Test("says that all of it is gone, begins another log, and lets calls through again") func emptied()
        throws
    {
        var settings = AuditSettings()
        settings.onFailure = .refuse
        let rig = try AuditRig(settings)
        for _ in 0..<5 { rig.call() }
        rig.turn()
        try fault(rig) { try rig.replace(with: WriteBatch()) }
        #expect(rig.worker.status.findings.map(\.name) == ["rolled_back"])
        #expect(!rig.worker.isStuck && rig.queue.gate == .open)
        #expect(try rig.callIDs() == [6])
        rig.call()
        rig.turn()
        #expect(try rig.callIDs() == [6, 7])
        #expect(try rig.verify().findings.map(\.name) == ["swapped"])
    }

    @Test("says that it is another one") func swap() throws {
        let (rig, other) = (try rig(), try rig())
        let (own, foreign) = (try #require(try rig.reader.log()), try #require(try other.reader.log()))
        try fault(rig) { try rig.replace(with: try other.contents()) }
        #expect(rig.worker.status.findings == [.swapped(found: foreign.origin, expected: own.origin)])
    }

    @Test("says so without a witness too: it knows what it wrote and synced", arguments: [true, false])
    func unwitnessed(isEmptied: Bool) throws {
        let rig = try rig()
        let copy = isEmptied ? WriteBatch() : try rig.contents()
        for _ in 0..<3 { rig.call() }
        rig.turn()
        let synced = try #require(try rig.reader.newestHead()).head
        try FileManager.default.removeItem(atPath: rig.witness.path)
        try fault(rig) { try rig.replace(with: copy) }
        let size: UInt64 = isEmptied ? 0 : 16
        #expect(
            rig.worker.status.findings == [
                .rolledBack(size: size, witnessed: synced.size, timestamp: synced.timestamp)
            ])
    }

    @Test("says that what came after the newest head is another") func rewrittenTail() throws {
        let rig = try rig()
        for _ in 0..<3 { rig.call() }
        rig.turn(after: 1000)
        try fault(rig) {
            var batch = WriteBatch()
            var ledger = AuditLedger(begun: try #require(try rig.reader.log()))
            for var entry in try rig.entries() {
                if entry.sequence == 17 { entry.call.principal = "eve" }
                ledger.append(entry, to: &batch)
            }
            try rig.store.write(batch, .durable)
        }
        #expect(rig.worker.status.findings.map(\.name) == ["diverged"])
        #expect(try rig.callIDs() == Array(1...19))
    }

    @Test("counts what was not synced and is not there, and goes on where it ends") func lostTail() throws {
        let rig = try rig()
        for _ in 0..<3 { rig.call() }
        rig.turn(after: 1000)
        try fault(rig) {
            rig.disk.restart()
            rig.store.reopen()
        }
        #expect(rig.worker.status.findings == [] && rig.worker.status.state == "up")
        #expect(try rig.callIDs() == Array(1...15) + [19])
        let gaps = try rig.entries().compactMap { if case .gap(let gap) = $0.what { gap } else { nil } }
        #expect(gaps.map(\.lost) == [3] && gaps.map(\.refused) == [0])
        #expect(gaps.first?.reason == "the store lost what was not synced")
        #expect(rig.worker.status.lost == 3)
        #expect(try rig.verify().isSound)
    }

    @Test("is asked for again a second later, whatever is done to the clock meanwhile") func clock() throws {
        let rig = try rig()
        rig.store.fail(with: .noSpace(.write))
        rig.call()
        rig.turn()
        rig.store.fail(with: nil)
        rig.setClockBack(by: 3_600_000_000)
        #expect(rig.pause <= 1_000_000)
        rig.turn()
        #expect(rig.worker.status.fault == nil)
        #expect(try rig.callIDs().last == 16)
        // Syncs go on too.
        rig.setClockBack(by: 3_600_000_000)
        rig.call()
        rig.turn()
        #expect(rig.disk.unsyncedBytes == 0)
        #expect(try rig.verify().isSound && rig.verify().unsigned == 0)
    }
}
