import TestSupport
import Testing

@testable import Learners

@Suite("The probabilities of Thompson sampling") struct ProbabilityMatchingTests {
    @Test("They are close to how often sampled beliefs are largest", arguments: 1...6 as ClosedRange<UInt64>)
    func sampling(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let means = (0..<6).map { _ in Float.random(in: 0..<1, using: &random) }
        let deviations = (0..<6).map { _ in Float.random(in: 0.05..<0.4, using: &random) }
        var matching = ProbabilityMatching()
        matching.match(means, deviations)
        var wins = [Float](repeating: 0, count: 6)
        for _ in 0..<20_000 {
            let values = (0..<6).map { arm in
                // The median of five even numbers has the distribution Beta(3, 3).
                let uniform = (0..<5).map { _ in Float.random(in: 0..<1, using: &random) }.sorted()[2]
                return means[arm] + (2 * uniform - 1) * 2.645_751 * deviations[arm]
            }
            wins[values.indices.max { values[$0] < values[$1] } ?? 0] += 1 / 20_000
        }
        for arm in 0..<6 {
            #expect(abs(matching.probabilities[arm] - wins[arm]) < 0.03, "seed \(seed), arm \(arm)")
        }
    }

    @Test("They are positive and sum up to 1, whatever the beliefs", arguments: 1...20 as ClosedRange<UInt64>)
    func sums(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...300, using: &random)
        let means = (0..<count).map { _ in random.pick([0, 1, -1e5, 1e5, 0.5] as [Float]) }
        let deviations = (0..<count).map { _ in random.pick([0, 1e-9, 1, 1e4] as [Float]) }
        var matching = ProbabilityMatching()
        matching.match(means, deviations)
        #expect(matching.probabilities.count == count)
        #expect(matching.probabilities.allSatisfy { $0 > 0 && $0 <= 1 }, "seed \(seed)")
        #expect(abs(matching.probabilities.reduce(0, +) - 1) < 1e-3, "seed \(seed)")
    }

    @Test("An arm that is surely best has all but the floor") func sure() {
        var matching = ProbabilityMatching()
        matching.match([0.2, 0.9, 0.3], [0.01, 1e-7, 0.01])
        #expect(matching.probabilities[1] > 0.99)
        #expect(matching.probabilities[0] > 0.001)
    }

    @Test("Arms are drawn as often as their probabilities say") func drawing() {
        var (draw, wins) = (ArmDraw(seed: 1), [0, 0, 0])
        for _ in 0..<10_000 { wins[draw.choose([0.2, 0.5, 0.3])?.place ?? 0] += 1 }
        #expect(abs(wins[0] - 2000) < 200 && abs(wins[1] - 5000) < 250)
        #expect(draw.choose([]) == nil)
    }
}
