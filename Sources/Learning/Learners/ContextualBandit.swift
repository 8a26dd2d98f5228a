/// Chooses among arms by features of the moment, for rewards of 0 or 1.
///
/// The reward of an arm is forecast by logistic regression over the arm, the features and their pairs, hashed
/// (`AdditiveEffects`), and the arm drawn by inverse gap weighting: `P(a) = 1 / (A + g (best - r_a))` for all
/// arms but the best, which has the rest; `g = c A sqrt(n)` after `n` choices (SquareCB: Foster, Rakhlin:
/// "Beyond UCB", ICML 2020, algorithm 1). Of all probability `floor` is spread evenly.
///
/// Memory: 24 bytes an effect, `1 << bits` effects.
/// - Complexity: a probe of a table a feature and arm.
package struct ContextualBandit: Sendable {
    package static let bits = 18
    /// More features than this are left out.
    package static let mostFeatures = 16
    private static let eagerness: Float = 1
    private static let floor: Float = 0.005

    private var effects: AdditiveEffects
    private var draw: ArmDraw
    private var choices: UInt64 = 0
    private var terms: [AdditiveEffects.Term] = []
    private var rewards: [Float] = []

    package init(bits: Int = bits, seed: UInt64) {
        effects = AdditiveEffects(bits: bits)
        draw = ArmDraw(seed: seed)
    }

    package var memoryBytes: Int { effects.memoryBytes }

    /// Draws from another sequence from now on.
    package mutating func reseed(_ seed: UInt64) { draw = ArmDraw(seed: seed) }

    /// The arm to try, of names that are well-mixed hashes; nil where there is none.
    package mutating func choose(_ arms: [UInt64], features: [UInt64]) -> ArmChoice? {
        guard !arms.isEmpty else { return nil }
        setShared(features)
        let shared = effects.sum(terms).mean
        rewards.removeAll(keepingCapacity: true)
        var best = 0
        for (place, arm) in arms.enumerated() {
            setPairs(arm, features)
            let logOdds = shared + effects.sum(terms).mean
            rewards.append(AdditiveEffects.probability(logOdds: logOdds))
            if rewards[place] > rewards[best] { best = place }
        }
        let count = Float(arms.count)
        let pull = Self.eagerness * count * Float(choices).squareRoot()
        let (most, even) = (rewards[best], Self.floor / count)
        var others: Float = 0
        for place in rewards.indices where place != best {
            let share = (1 - Self.floor) / (count + pull * (most - rewards[place]))
            others += share
            rewards[place] = share + even
        }
        rewards[best] = 1 - Self.floor - others + even
        return draw.choose(rewards)
    }

    /// The probability of a reward that is expected of an arm.
    package mutating func expectation(_ arm: UInt64, features: [UInt64]) -> Float {
        setShared(features)
        let shared = effects.sum(terms).mean
        setPairs(arm, features)
        return AdditiveEffects.probability(logOdds: shared + effects.sum(terms).mean)
    }

    package mutating func learn(_ arm: UInt64, features: [UInt64], isReward: Bool) {
        setPairs(arm, features)
        let pairs = terms
        setShared(features)
        effects.learn(pairs + terms, happened: isReward)
        choices = min(choices + 1, 1 << 40)
    }

    private mutating func setShared(_ features: [UInt64]) {
        terms.removeAll(keepingCapacity: true)
        terms.append(.init(HashMix.mix(7), variance: 1))
        for feature in features.prefix(Self.mostFeatures) {
            terms.append(.init(HashMix.mix(feature), variance: 0.5))
        }
    }

    private mutating func setPairs(_ arm: UInt64, _ features: [UInt64]) {
        terms.removeAll(keepingCapacity: true)
        terms.append(.init(HashMix.mix(arm, 8), variance: 1))
        for feature in features.prefix(Self.mostFeatures) {
            terms.append(.init(HashMix.mix(arm ^ feature &+ 9), variance: 0.7))
        }
    }
}

extension ContextualBandit {
    package func save(to encoder: inout ByteEncoder) {
        effects.save(to: &encoder)
        draw.save(to: &encoder)
        encoder.write(choices)
    }

    /// Reads a bandit; nil from bytes that none of that size wrote.
    package init?(bits: Int = bits, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits, seed: 0)
        guard let effects = AdditiveEffects(bits: bits, restoring: &decoder),
            let draw = ArmDraw(restoring: &decoder), let choices = decoder.integer(upTo: 1 << 40)
        else { return nil }
        (self.effects, self.draw, self.choices) = (effects, draw, choices)
    }
}
