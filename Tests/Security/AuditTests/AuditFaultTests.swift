import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Audit

@Suite("An audit log on a failing disk") struct AuditFaultTests {
    private static let faults: [DiskFault] = [
        .kill, .noSpace, .inputOutput, .shortWrite(bytes: 0), .shortWrite(bytes: 5), .shortWrite(bytes: 90),
    ]

    /// Ten durable calls, one after the other; gives those that were let through as taken note of.
    private func calls(_ rig: AuditRig) -> [UInt64] {
        let heard = Heard()
        var passed: [UInt64] = []
        rig.turn()
        for id in UInt64(1)...10 {
            rig.begin(id, heard)
            rig.turn(after: 300_000)
            if heard[id] == .passed {
                passed.append(id)
                rig.end(id, wasStarted: true)
            }
        }
        return passed
    }

    private static var durable: AuditSettings {
        var settings = AuditSettings()
        settings.isDurable = true
        settings.onFailure = .refuse
        return settings
    }

    private static let operations = {
        guard let rig = try? AuditRig(durable) else { return 0 }
        for _ in 0..<1 { _ = AuditFaultTests().calls(rig) }
        return rig.disk.operations
    }()

    @Test(
        "has every call that was let through, and is sound, whichever operation fails and however",
        arguments: faults)
    func everyOperation(fault: DiskFault) throws {
        #expect(Self.operations > 20)
        for number in 1...Self.operations {
            for kept in [0, 7, 1 << 20] {
                let rig = try AuditRig(Self.durable)
                rig.disk.fail(operation: number, fault)
                let passed = calls(rig)
                // The machine crashes; another gateway comes up.
                rig.disk.restart(keepingUnsynced: kept)
                rig.store.reopen()
                try rig.restart()
                rig.turn()
                rig.turn()
                let report = try rig.verify()
                #expect(report.findings == [], "operation \(number), \(kept) kept")
                let found = Set(try rig.callIDs())
                #expect(passed.allSatisfy(found.contains), "operation \(number), \(kept) kept")
            }
        }
    }

    @Test("writes each entry once when it goes on by itself after a failure", arguments: faults.dropFirst())
    func recovery(fault: DiskFault) throws {
        for number in 1...Self.operations {
            let rig = try AuditRig()
            rig.disk.fail(operation: number, fault)
            rig.turn()
            for _ in 0..<20 {
                rig.call()
                rig.turn(after: 300_000)
            }
            for _ in 0..<4 { rig.turn() }
            #expect(rig.worker.status.fault == nil)
            #expect(try rig.callIDs() == Array(1...20), "operation \(number)")
            #expect(try rig.verify().findings == [], "operation \(number)")
        }
    }

    @Test("asks for a key that can't be had until it gets one, and then tells of what happened meanwhile")
    func lateKey() throws {
        let rig = try AuditRig()
        let tries = Mutex(0)
        let key = rig.key
        let log = AuditLog(
            rig.store,
            key: { () throws(AuditFailure) in
                let number = tries.withLock { tries in
                    tries += 1
                    return tries
                }
                guard number > 2 else { throw .noKey(reason: "the disk is full") }
                return key
            }, witness: rig.witness, settings: AuditSettings(), version: "1", log: try AuditRig.log())
        log.ended(AuditRig.audited(1), wasStarted: false)
        log.start()
        // A second passes between two tries.
        for _ in 0..<3_000 where log.status.written == 0 { Thread.sleep(forTimeInterval: 0.01) }
        log.stop()
        #expect(try rig.callIDs() == [1])
        #expect(tries.withLock { $0 } == 3 && log.status.fault == nil)
    }

    @Test("is written by a thread of its own, to the last entry, while many threads add") func thread() throws
    {
        let rig = try AuditRig()
        let log = AuditLog(
            rig.store, key: { [key = rig.key] in key }, witness: rig.witness, settings: AuditSettings(),
            version: "1",
            log: try AuditRig.log())
        log.start()
        _ = onThreads(4) { writer in
            for number in 0..<200 {
                log.ended(AuditRig.audited(UInt64(writer * 1000 + number)), wasStarted: false)
            }
        }
        log.stop()
        let ids = try rig.callIDs()
        #expect(ids.count == 800 && Set(ids).count == 800)
        for writer in 0..<4 {
            let own = ids.filter { $0 / 1000 == UInt64(writer) }
            #expect(own == own.sorted())
        }
        let report = try rig.verify()
        #expect(report.isSound && report.unsigned == 0)
    }
}
