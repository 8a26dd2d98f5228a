import Foundation
import TestSupport
import Testing

@Suite("A process with a store that is killed") struct CrashTests {
    /// Dozens; `make soak` asks for thousands.
    static let kills = ProcessInfo.processInfo.environment["ATTUNE_STORE_KILLS"].flatMap { Int($0) } ?? 36
    /// Between two stores: reading a store takes as long as it is large.
    static let killsOfOneStore = 100

    @Test("leaves every acknowledged durable write, and of the others a first part without gaps, 36 times")
    func kills() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("crash test: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for start in stride(from: 0, to: Self.kills, by: Self.killsOfOneStore) {
            let folder = try PrivateFolder()
            let ledger = WriterLedger(path: folder.path + "/ledger")
            let path = folder.path + "/s"
            for kill in start..<min(Self.kills, start + Self.killsOfOneStore) {
                let process = try FixtureProcess("StoreFixture", "write", path, ledger.path, "\(kill)")
                // One in four dies while it opens and recovers, the others under load.
                let isUnderLoad = !generator.chance(25)
                if isUnderLoad { try #require(process.line().hasPrefix("writing ")) }
                usleep(UInt32.random(in: 0...60_000, using: &generator))
                process.killed()
                if kill % 3 == 2 { try ledger.check(path, "seed \(seed), kill \(kill)") }
            }
            try ledger.check(path, "seed \(seed), the end")
            #expect(try ledger.acknowledged().count == 4)
        }
    }
}
