import Learners
import TestSupport
import Testing

@Suite("Choosing among arms") struct BanditTests {
    private static let arms = (1...4 as ClosedRange<UInt64>).map { HashMix.mix($0) }

    @Test("The best arm of each context is tried most", arguments: 1...4 as ClosedRange<UInt64>)
    func best(seed: UInt64) {
        var beta = BetaBandit(bits: 10, seed: seed)
        var gaussian = GaussianBandit(bits: 10, seed: seed)
        var contextual = ContextualBandit(bits: 10, seed: seed)
        var random = SeededGenerator(seed: seed)
        var hits = [0, 0, 0]
        for round in 0..<3000 {
            let context = UInt64(round % 2)
            let choices = [
                beta.choose(Self.arms, group: 0, context: context),
                gaussian.choose(Self.arms, group: 0, context: context),
                contextual.choose(Self.arms, features: [context]),
            ].map { $0?.place ?? 0 }
            let rewards = choices.map { random.chance($0 == Int(context) ? 80 : 30) }
            if round >= 2000 { for index in 0..<3 where choices[index] == Int(context) { hits[index] += 1 } }
            beta.learn(Self.arms[choices[0]], group: 0, context: context, reward: rewards[0] ? 1 : 0)
            gaussian.learn(Self.arms[choices[1]], group: 0, context: context, reward: rewards[1] ? 1 : 0)
            contextual.learn(Self.arms[choices[2]], features: [context], isReward: rewards[2])
        }
        #expect(hits.allSatisfy { $0 > 850 }, "seed \(seed): \(hits)")
    }

    @Test("In a new context the arm that was best elsewhere is expected to be best") func parent() {
        var (beta, gaussian) = (BetaBandit(bits: 10, seed: 1), GaussianBandit(bits: 10, seed: 1))
        for round in 0..<400 {
            let (arm, context) = (Self.arms[round % 4], UInt64(round % 10))
            beta.learn(arm, group: 0, context: context, reward: round % 4 == 2 ? 1 : 0)
            gaussian.learn(arm, group: 0, context: context, reward: round % 4 == 2 ? 30 : 20)
        }
        let rates = Self.arms.map { beta.expectation($0, group: 0, context: 99) }
        #expect(rates[2] > 0.5 && rates.allSatisfy { $0 <= rates[2] })
        let means = Self.arms.map { gaussian.expectation($0, group: 0, context: 99) }
        #expect(means.allSatisfy { $0 <= means[2] })
    }

    @Test("An arm that becomes better is found, as what was counted fades") func change() {
        var bandit = BetaBandit(bits: 10, halfLife: 1000, seed: 3)
        var random = SeededGenerator(seed: 3)
        var late = 0
        for round in 0..<12_000 {
            guard let choice = bandit.choose(Self.arms, group: 0, context: 0) else { continue }
            let best = round < 6000 ? 0 : 1
            if round >= 10_000, choice.place == 1 { late += 1 }
            // The arm that was best stays as good as it was.
            let percent = choice.place == best ? (best == 0 ? 60 : 90) : choice.place == 0 ? 60 : 20
            bandit.learn(
                Self.arms[choice.place], group: 0, context: 0, reward: random.chance(percent) ? 1 : 0)
        }
        #expect(late > 1500, "\(late) of 2,000")
    }

    @Test("There is no choice among none, and no reward that is no number") func none() {
        var (beta, gaussian) = (BetaBandit(bits: 8, seed: 1), GaussianBandit(bits: 8, seed: 1))
        var contextual = ContextualBandit(bits: 8, seed: 1)
        #expect(beta.choose([], group: 0, context: 0) == nil)
        #expect(gaussian.choose([], group: 0, context: 0) == nil)
        #expect(contextual.choose([], features: []) == nil)
        beta.learn(1, group: 0, context: 0, reward: .nan)
        gaussian.learn(1, group: 0, context: 0, reward: .nan)
        #expect(beta.expectation(1, group: 0, context: 0) == 0.5)
    }
}
