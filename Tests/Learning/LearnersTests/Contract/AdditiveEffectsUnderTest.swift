import Learners
import TestSupport

struct AdditiveEffectsUnderTest: LearnerUnderTest {
    private var effects = AdditiveEffects(bits: 6)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let terms = (0..<4).map { kind in
            AdditiveEffects.Term(
                HashMix.mix(kind, UInt64.random(in: 0..<60, using: &random)),
                scale: random.pick([1, -1, 0, 1e5]), variance: random.pick([0, 0.5, 4]))
        }
        let belief = effects.sum(terms)
        if random.chance(50) {
            effects.learn(terms, happened: random.chance(30))
        } else {
            effects.learn(
                terms, value: random.pick([-3, 0.5, 1e30, .infinity, .nan]), noise: random.pick([0, 1]))
        }
        return [
            Double(belief.mean), Double(belief.variance),
            Double(AdditiveEffects.probability(logOdds: belief.mean)),
        ]
    }

    func save(to encoder: inout ByteEncoder) { effects.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let effects = AdditiveEffects(bits: 6, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.effects = effects
        return learner
    }

    var memoryBytes: Int { effects.memoryBytes }

    static let memoryBound = 24 << 6
}
