import Foundation
import Testing

@testable import Forwarding

@Suite struct ChaosTests {
    /// `ATTUNE_CHAOS_SEEDS` asks for more, for a long run.
    static let seeds: [UInt64] = {
        let count = ProcessInfo.processInfo.environment["ATTUNE_CHAOS_SEEDS"].flatMap(UInt64.init) ?? 8
        return Array(1...max(1, count))
    }()

    @Test(
        "After a thousand random requests, cancels, deaths and reloads everything adds up",
        arguments: seeds)
    func everythingAddsUp(seed: UInt64) {
        let chaos = Chaos(seed: seed)
        chaos.run(steps: 1_000)
        let problems = chaos.finish()
        #expect(problems == [], "seed \(seed)")
        #expect(chaos.answered > chaos.requests / 5, "seed \(seed)")
        #expect(chaos.asked.answers > 0, "seed \(seed)")
        #expect(chaos.asked.resumed > 0, "seed \(seed)")
    }
}
