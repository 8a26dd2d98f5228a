import Foundation
import RocksStorage
import Storage
import TestSupport
import Testing

@Suite("A process with a store, at each failpoint of the table") struct FailpointWalkTests {
    static let points = Failpoint.allCases.filter { $0.place == .store }
    static let failing = points.filter(\.canFail)

    private func walk(
        _ folder: PrivateFolder, _ plan: String
    ) throws -> (end: FixtureProcess.End, output: String) {
        try FixtureProcess(
            "StoreFixture", "walk", folder.path + "/s", folder.path + "/ledger",
            environment: [FailpointPlan.variable: plan]
        ).outcome()
    }

    /// The store and every copy that has its mark hold what they should.
    private func check(_ folder: PrivateFolder, _ title: String) throws {
        let ledger = WriterLedger(path: folder.path + "/ledger")
        let path = folder.path + "/s"
        try ledger.check(path, title)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where FileManager.default.fileExists(atPath: "\(folder.path)/\(name)/STORE") && name != "s" {
            let copy = try RocksStore(folder.path + "/" + name, purpose: "test", families: [], create: false)
            _ = try ledger.numbers(in: copy, "\(title): \(name)")
            try copy.close()
        }
    }

    @Test("is killed there, on a new store and on one that is used, and the next goes on", arguments: points)
    func kill(_ point: Failpoint) throws {
        let folder = try PrivateFolder()
        for time in 1...3 {
            let title = "\(point.rawValue), time \(time)"
            let first = try walk(folder, "\(point.rawValue)=kill")
            // A store has its mark from the first time on.
            let isPassed = time > 1 && [.markDrafted, .markRenamed].contains(point)
            if !isPassed {
                #expect(first.end == .signal(SIGKILL), "\(title) was not reached: \(first.output)")
            }
            // Opening makes what the killed one had not made yet.
            try check(folder, title)
            let next = try walk(folder, "")
            #expect(next.end == .exit(0), "\(title), then: \(next.output)")
            try check(folder, "\(title), then")
        }
    }

    @Test(
        "is killed there later, amid what it acknowledged",
        arguments: [
            Failpoint.storeWriting, .storeWritten, .storeSyncing, .storeSynced, .groupGathered, .groupWritten,
            .storeCompacting,
        ])
    func killLater(_ point: Failpoint) throws {
        let folder = try PrivateFolder()
        for time in [2, 3] {
            let killed = try walk(folder, "\(point.rawValue):\(time)=kill")
            #expect(killed.end == .signal(SIGKILL), "\(point.rawValue) \(time): \(killed.output)")
            try check(folder, "\(point.rawValue), time \(time)")
        }
    }

    @Test("says what failed there, and the next goes on", arguments: failing)
    func fail(_ point: Failpoint) throws {
        for (action, words) in [("error", "failpoint \(point.rawValue)"), ("nospace", "no space left")] {
            let folder = try PrivateFolder()
            let failed = try walk(folder, "\(point.rawValue)=\(action)")
            #expect(failed.end == .exit(4), "\(point.rawValue) \(action): \(failed.output)")
            #expect(failed.output.contains(words), "\(failed.output)")
            let next = try walk(folder, "")
            #expect(next.end == .exit(0), "\(point.rawValue) \(action), then: \(next.output)")
            try check(folder, "\(point.rawValue) \(action)")
        }
    }

    @Test("waits there and goes on") func delay() throws {
        let folder = try PrivateFolder()
        let walked = try walk(folder, "store.writing=delay(1),group.gathered:2=delay(5)")
        #expect(walked.end == .exit(0), "\(walked.output)")
    }

    @Test("does not start with a failpoint that there isn't") func unknown() throws {
        let folder = try PrivateFolder()
        let refused = try walk(folder, "store.sinking=kill")
        #expect(refused.end == .exit(5))
        #expect(refused.output.contains("there is no failpoint \"store.sinking\""))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/s"))
    }
}
