import Learners
import TestSupport
import Testing

@Suite("Sums of effects") struct AdditiveEffectsTests {
    private static func terms(_ group: UInt64, _ item: UInt64) -> [AdditiveEffects.Term] {
        [
            .init(HashMix.mix(1, 0), variance: 1), .init(HashMix.mix(2, group), variance: 1),
            .init(HashMix.mix(3, item), variance: 1),
        ]
    }

    @Test("Probabilities come to be those of the stream", arguments: 1...5 as ClosedRange<UInt64>)
    func calibration(seed: UInt64) {
        var effects = AdditiveEffects(bits: 8)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<4000 {
            let item = UInt64.random(in: 0..<2, using: &random)
            effects.learn(Self.terms(0, item), happened: random.chance(item == 0 ? 10 : 70))
        }
        for (item, share) in [(0 as UInt64, 0.1), (1, 0.7)] {
            let odds = effects.sum(Self.terms(0, item)).mean
            #expect(abs(Double(AdditiveEffects.probability(logOdds: odds)) - share) < 0.06, "seed \(seed)")
        }
    }

    @Test("What a group does is expected of a new item of it") func hierarchy() {
        var effects = AdditiveEffects(bits: 8)
        for step in 0..<200 {
            let group = UInt64(step % 2)
            effects.learn(Self.terms(group, UInt64(step % 10)), happened: group == 1)
        }
        #expect(effects.sum(Self.terms(1, 99)).mean > 1)
        #expect(effects.sum(Self.terms(0, 98)).mean < -1)
    }

    @Test("Values are averaged with the noise that they were seen with") func values() {
        var effects = AdditiveEffects(bits: 8)
        let terms = [AdditiveEffects.Term(7, variance: 4)]
        effects.learn(terms, value: 3, noise: 4)
        // Belief and value are as sure as each other: the mean of 0 and 3, and half the variance.
        let belief = effects.sum(terms)
        #expect((belief.mean, belief.variance) == (1.5, 2))
    }

    @Test("One value far off moves a belief by three deviations at most") func outlier() {
        var effects = AdditiveEffects(bits: 8)
        let terms = [AdditiveEffects.Term(7, variance: 1)]
        effects.learn(terms, value: 1e9, noise: 3)
        #expect(effects.sum(terms).mean == 1.5)
    }

    @Test("A change is followed, however much was learned before") func change() {
        var effects = AdditiveEffects(bits: 8)
        for _ in 0..<20_000 { effects.learn(Self.terms(0, 0), value: 1, noise: 1) }
        for _ in 0..<20_000 { effects.learn(Self.terms(0, 0), value: 5, noise: 1) }
        #expect(abs(effects.sum(Self.terms(0, 0)).mean - 5) < 0.3)
    }
}
