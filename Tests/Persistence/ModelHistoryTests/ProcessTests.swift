import Foundation
import Storage
import TestSupport
import Testing

@Suite("A process with a history of models") struct ProcessTests {
    static let points = Failpoint.allCases.filter { $0.place == .history }
    /// Dozens; `make soak` asks for thousands.
    static let kills = ProcessInfo.processInfo.environment["ATTUNE_HISTORY_KILLS"].flatMap { Int($0) } ?? 36
    /// Between two stores: reading a history takes as long as it is large.
    static let killsOfOneStore = 60

    private func walk(_ folder: PrivateFolder, _ plan: String) throws -> (FixtureProcess.End, String) {
        let process = try FixtureProcess(
            "HistoryFixture", "walk", folder.path + "/s", folder.path + "/ledger",
            environment: [FailpointPlan.variable: plan])
        let found = process.outcome()
        return (found.end, found.output)
    }

    private func check(_ folder: PrivateFolder, _ title: String) throws {
        try CommitLedger(path: folder.path + "/ledger").check(folder.path + "/s", title)
    }

    @Test("is killed at each of its failpoints, on a new store and on one that is used", arguments: points)
    func kill(_ point: Failpoint) throws {
        let folder = try PrivateFolder()
        // Where a walk comes by often: amid what was acknowledged, and at each write of a thinning and of the
        // collection after it.
        let times =
            switch point {
            case .historyChanging, .historyChanged: [1, 1, 4, 19, 20]
            case .historyCollecting, .historyCollected: [1, 1, 2]
            case .historyImportTaken: [1, 4]
            default: [1, 1]
            }
        for time in times {
            let title = "\(point.rawValue), time \(time)"
            let (end, output) = try walk(folder, "\(point.rawValue):\(time)=kill")
            #expect(end == .signal(SIGKILL), "\(title) was not reached: \(output)")
            try check(folder, title)
            let (next, after) = try walk(folder, "")
            #expect(next == .exit(0), "\(title), then: \(after)")
            try check(folder, "\(title), then")
        }
    }

    @Test("says what failed at a failpoint, and the next goes on", arguments: points.filter(\.canFail))
    func fail(_ point: Failpoint) throws {
        for (action, words) in [("error", "failpoint \(point.rawValue)"), ("nospace", "no space left")] {
            let folder = try PrivateFolder()
            let (end, output) = try walk(folder, "\(point.rawValue)=\(action)")
            #expect(end == .exit(4), "\(point.rawValue) \(action): \(output)")
            #expect(output.contains(words), "\(output)")
            let (next, after) = try walk(folder, "")
            #expect(next == .exit(0), "\(point.rawValue) \(action), then: \(after)")
            try check(folder, "\(point.rawValue) \(action)")
        }
    }

    @Test(
        "that is killed at random moments has every acknowledged version, and HEAD at the last one or the next"
    )
    func crash() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("crash test of histories: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for start in stride(from: 0, to: Self.kills, by: Self.killsOfOneStore) {
            let folder = try PrivateFolder()
            for kill in start..<min(Self.kills, start + Self.killsOfOneStore) {
                let process = try FixtureProcess(
                    "HistoryFixture", "write", folder.path + "/s", folder.path + "/ledger", "\(kill)")
                // One in five dies while it opens and recovers, the others amid versions.
                if !random.chance(20) { try #require(process.line().hasPrefix("writing ")) }
                usleep(UInt32.random(in: 0...40_000, using: &random))
                process.killed()
                if kill % 6 == 5 { try check(folder, "seed \(seed), kill \(kill)") }
            }
            try check(folder, "seed \(seed), the end")
            #expect(try CommitLedger(path: folder.path + "/ledger").acknowledged().count == 2)
        }
    }
}
