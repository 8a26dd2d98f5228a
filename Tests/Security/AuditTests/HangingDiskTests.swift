import Dispatch
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Audit

@Suite("An audit log on a disk that hangs") struct HangingDiskTests {
    @Test("says that it is down when a write has taken longer than 5 s, and is well again after it")
    func store() throws {
        let rig = try AuditRig()
        rig.turn()
        rig.call()
        let obstacle = rig.store.hangNextWrite()
        let ended = DispatchSemaphore(value: 0)
        let (worker, moment) = (rig.worker, rig.pass(2_000_000))
        Thread.detachNewThread {
            worker.turn(now: moment)
            ended.signal()
        }
        obstacle.met.wait()
        #expect(rig.status(after: 4_900_000).reason == nil)
        let status = rig.status(after: 5_100_000)
        #expect(status.state == "down" && status.reason == "a write takes longer than 5 s")
        #expect(status.sinceMicroseconds == rig.now)
        obstacle.release.signal()
        ended.wait()
        #expect(rig.status(after: 60_000_000).reason == nil)
        #expect(try rig.callIDs() == [1])
    }

    @Test("goes on while its witness hangs, says so after 5 s, and sets down the newest head in the end")
    func witness() throws {
        let rig = try AuditRig()
        let obstacle = RenewedStore.Obstacle()
        let isFirst = Mutex(true)
        let log = AuditLog(
            rig.store, key: { [key = rig.key] in key }, witness: rig.witness, settings: AuditSettings(),
            version: "1", log: try AuditRig.log(),
            willWitness: {
                let hangs = isFirst.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
                guard hangs else { return }
                obstacle.met.signal()
                obstacle.release.wait()
            })
        log.start()
        obstacle.met.wait()
        for id in UInt64(1)...3 {
            log.ended(AuditRig.audited(id), wasStarted: false)
            // Each is synced and signed meanwhile, which takes up to a second.
            while try rig.reader.newestHead()?.head.size != id + 1 { Thread.sleep(forTimeInterval: 0.02) }
        }
        #expect(log.status.state == "up")
        var later = AuditMoment.now
        later.steady += 5_100_000
        #expect(log.status(at: later).state == "unwitnessed")
        #expect(
            log.status(at: later).reason == "writing the witness \(rig.witness.path) takes longer than 5 s")
        obstacle.release.signal()
        log.stop()
        #expect(log.status.reason == nil)
        let report = try rig.verify()
        #expect(report.isSound && report.unsigned == 0 && report.size == 5)
        let witnessed = try #require(try rig.witness.heads().first?.head)
        #expect(witnessed == report.newestHead)
    }

    @Test("tries each second to set down a witness that it could not, and says so meanwhile")
    func retries() throws {
        let rig = try AuditRig()
        rig.turn()
        try FileManager.default.removeItem(atPath: rig.witness.path)
        let folder = rig.witness.path + "/blocks"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        rig.call()
        rig.turn()
        #expect(rig.status().state == "unwitnessed" && rig.status().sinceMicroseconds == rig.now)
        rig.call()
        rig.turn(after: 100_000)
        try FileManager.default.removeItem(atPath: rig.witness.path)
        rig.turn(after: 100_000)
        #expect(rig.status().state == "unwitnessed")
        rig.turn()
        #expect(rig.status().state == "up")
        #expect(try rig.verify().isSound && rig.witness.heads().first?.head == rig.reader.newestHead())
    }
}
