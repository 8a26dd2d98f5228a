import Learners
import TestSupport

struct ContextualBanditUnderTest: LearnerUnderTest {
    private static let bits = 8

    private var bandit: ContextualBandit

    init(seed: UInt64) { bandit = ContextualBandit(bits: Self.bits, seed: seed) }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let arms = (0..<UInt64.random(in: 0..<5, using: &random)).map { HashMix.mix($0 + 1) }
        let features = (0..<Int.random(in: 0..<24, using: &random)).map { _ in
            UInt64.random(in: 0..<50, using: &random)
        }
        guard let choice = bandit.choose(arms, features: features) else { return [] }
        let expected = bandit.expectation(arms[choice.place], features: features)
        bandit.learn(
            arms[choice.place], features: features, isReward: random.chance(20 * (choice.place + 1)))
        return [Double(choice.place), Double(choice.propensity), Double(expected)]
    }

    func save(to encoder: inout ByteEncoder) { bandit.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let bandit = ContextualBandit(bits: bits, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.bandit = bandit
        return learner
    }

    var memoryBytes: Int { bandit.memoryBytes }

    static let memoryBound = 24 << 8
}
