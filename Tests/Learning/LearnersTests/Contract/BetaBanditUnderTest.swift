import Learners
import TestSupport

struct BetaBanditUnderTest: LearnerUnderTest {
    private static let bits = 8

    private var bandit: BetaBandit

    init(seed: UInt64) { bandit = BetaBandit(bits: Self.bits, halfLife: 512, seed: seed) }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let arms = (0..<UInt64.random(in: 0..<5, using: &random)).map { HashMix.mix($0 + 1) }
        let context = UInt64.random(in: 0..<100, using: &random)
        guard let choice = bandit.choose(arms, group: context % 3, context: context) else { return [] }
        let arm = arms[choice.place]
        let expected = bandit.expectation(arm, group: context % 3, context: context)
        let reward: Float = random.chance(2) ? .infinity : random.chance(20 * (choice.place + 1)) ? 1 : 0
        bandit.learn(arm, group: context % 3, context: context, reward: reward)
        return [Double(choice.place), Double(choice.propensity), Double(expected)]
    }

    mutating func merge(_ other: Self) -> Bool {
        bandit.merge(other.bandit)
        return true
    }

    func save(to encoder: inout ByteEncoder) { bandit.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let bandit = BetaBandit(bits: bits, halfLife: 512, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.bandit = bandit
        return learner
    }

    var memoryBytes: Int { bandit.memoryBytes }

    static let memoryBound = 24 << 8
}
