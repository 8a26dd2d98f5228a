import Learners
import TestSupport
import Testing

@Suite("Estimating what another policy would have earned") struct OffPolicyEstimateTests {
    private static let rates = [20, 50, 80]

    /// The value of always taking the last arm, by the log of a bandit that learns meanwhile.
    @Test(
        "From a bandit's log all three estimates find the value of a fixed arm within three errors",
        arguments: 1...5 as ClosedRange<UInt64>)
    func fixedArm(seed: UInt64) {
        var bandit = BetaBandit(bits: 8, seed: seed)
        var (random, estimate) = (SeededGenerator(seed: seed), OffPolicyEstimate(mostWeight: 1000))
        let arms = (1...3 as ClosedRange<UInt64>).map { HashMix.mix($0) }
        for _ in 0..<4000 {
            guard let choice = bandit.choose(arms, group: 0, context: 0) else { continue }
            let reward: Float = random.chance(Self.rates[choice.place]) ? 1 : 0
            estimate.insert(
                reward: Double(reward), propensity: Double(choice.propensity),
                target: choice.place == 2 ? 1 : 0,
                forecast: Double(bandit.expectation(arms[choice.place], group: 0, context: 0)),
                targetForecast: Double(bandit.expectation(arms[2], group: 0, context: 0)))
            bandit.learn(arms[choice.place], group: 0, context: 0, reward: reward)
        }
        for value in [estimate.ips, estimate.selfNormalized, estimate.doublyRobust] {
            #expect(abs(value.mean - 0.8) < 3 * value.standardError + 0.01, "seed \(seed): \(value)")
            #expect(value.standardError < 0.1)
        }
    }

    @Test("A wrong forecast is made good by right propensities, and none is needed where it is right")
    func robust() {
        var random = SeededGenerator(seed: 7)
        var (wrong, right) = (OffPolicyEstimate(), OffPolicyEstimate())
        for _ in 0..<20_000 {
            let arm = random.chance(25) ? 1 : 0
            let reward = random.chance(arm == 1 ? 90 : 10) ? 1.0 : 0
            let (propensity, target) = (arm == 1 ? 0.25 : 0.75, arm == 1 ? 1.0 : 0)
            wrong.insert(
                reward: reward, propensity: propensity, target: target, forecast: 0.2, targetForecast: 0.2)
            right.insert(
                reward: reward, propensity: 0.5, target: target, forecast: arm == 1 ? 0.9 : 0.1,
                targetForecast: 0.9)
        }
        #expect(abs(wrong.doublyRobust.mean - 0.9) < 0.03)
        #expect(abs(right.doublyRobust.mean - 0.9) < 0.03)
        #expect(right.doublyRobust.standardError < wrong.ips.standardError)
    }

    @Test("Merged estimates are those of both logs") func merging() {
        var random = SeededGenerator(seed: 2)
        var (all, parts) = (OffPolicyEstimate(), [OffPolicyEstimate(), OffPolicyEstimate()])
        for row in 0..<1000 {
            let (reward, propensity) = (random.chance(40) ? 1.0 : 0, random.pick([0.1, 0.5, 0.9]))
            all.insert(reward: reward, propensity: propensity, target: 0.5)
            parts[row % 2].insert(reward: reward, propensity: propensity, target: 0.5)
        }
        parts[0].merge(parts[1])
        #expect(abs(parts[0].ips.mean - all.ips.mean) < 1e-9)
        #expect(abs(parts[0].selfNormalized.mean - all.selfNormalized.mean) < 1e-9)
        #expect(abs(parts[0].ips.standardError - all.ips.standardError) < 1e-9)
        #expect(parts[0].count == 1000 && parts[0].effectiveCount < 1000)
    }
}
