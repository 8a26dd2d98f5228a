import Patterns
import TestSupport
import Testing

@Suite("Spending a session's prefetches") struct PrefetchPolicyTests {
    private static let cheap = PrefetchMoment(
        step: 0, latest: 0, guesses: [.init(tool: 1, probability: 0.7, wait: 1)])
    private static let dear = PrefetchMoment(
        step: 1, latest: 1, guesses: [.init(tool: 2, probability: 0.9, wait: 10)])

    @Test(
        "A prefetch that pays is left out where the budget earns more later",
        arguments: 1...3 as ClosedRange<UInt64>)
    func saving(seed: UInt64) {
        var policy = PrefetchPolicy(bits: 8, budget: 2, cost: 0.3)
        var random = SeededGenerator(seed: seed)
        #expect(policy.choose(Self.cheap, left: 1) == 1, "nothing is known of what comes")
        for _ in 0..<300 {
            policy.learn(Self.dear, hit: random.chance(90) ? 0 : nil, next: nil)
            policy.learn(Self.cheap, hit: random.chance(70) ? 0 : nil, next: Self.dear)
        }
        #expect(policy.choose(Self.cheap, left: 1) == 0, "seed \(seed)")
        #expect(policy.choose(Self.cheap, left: 2) == 1, "seed \(seed)")
        #expect(policy.choose(Self.dear, left: 1) == 1, "seed \(seed)")
        #expect(policy.choose(Self.dear, left: 0) == 0, "seed \(seed)")
    }

    @Test("A guess that is never right is no longer prefetched, however sure it is") func calibration() {
        var policy = PrefetchPolicy(bits: 8, budget: 2, cost: 0.3)
        for _ in 0..<200 { policy.learn(Self.dear, hit: nil, next: nil) }
        #expect(policy.chance(Self.dear.guesses[0], place: 0) < 0.03)
        #expect(policy.choose(Self.dear, left: 2) == 0)
    }

    @Test("Two guesses are prefetched where both pay, and nothing without a guess") func counts() {
        let both = PrefetchMoment(
            step: 0, latest: 0,
            guesses: [
                .init(tool: 1, probability: 0.5, wait: 5), .init(tool: 2, probability: 0.4, wait: 5),
                .init(tool: 3, probability: 0.1, wait: 5),
            ])
        let policy = PrefetchPolicy(bits: 8, budget: 4, cost: 0.3)
        #expect(both.guesses.count == 2)
        #expect(policy.choose(both, left: 4) == 2)
        #expect(policy.choose(both, left: 1) == 1)
        #expect(policy.choose(PrefetchMoment(step: 0, latest: 0, guesses: []), left: 4) == 0)
    }
}
