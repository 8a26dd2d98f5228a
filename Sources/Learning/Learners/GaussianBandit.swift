/// Chooses among arms whose rewards are any numbers, such as logarithms of seconds with a minus, by Thompson
/// sampling with a hierarchy of normal beliefs.
///
/// `reward = context + arm + arm in group + arm in context + noise`: each effect is a normal belief whose
/// prior is the sum of those above it (`AdditiveEffects`; Agrawal, Goyal: "Thompson sampling for contextual
/// bandits with linear payoffs", ICML 2013, with diagonal covariance), and the noise is learned. An arm is
/// chosen with the probability that its sum is the largest (`ProbabilityMatching`), deviations halved as in
/// `BetaBandit`. No effect grows surer than 1/64 of its first deviation, so that changes are followed.
///
/// Memory: 24 bytes an effect, `1 << bits` effects.
/// - Complexity: three probes of a table an arm, and the choice of `ProbabilityMatching`.
package struct GaussianBandit: Sendable {
    package static let bits = 16
    private static let reshaping: Float = 0.5
    private static let mostReward: Float = 1e4

    private var effects: AdditiveEffects
    private var noise: SpreadTable
    private var draw: ArmDraw
    private let scale: Float
    private var terms: [AdditiveEffects.Term] = []
    private var matching = ProbabilityMatching()
    private var means: [Float] = []
    private var deviations: [Float] = []

    /// - Parameter scale: by how much rewards are expected to differ, above 0.
    package init(bits: Int = bits, scale: Float = 1, seed: UInt64) {
        precondition(scale > 0 && scale.isFinite, "the scale of rewards is out of range")
        effects = AdditiveEffects(bits: bits)
        noise = SpreadTable(bits: 4)
        draw = ArmDraw(seed: seed)
        self.scale = scale
    }

    package var memoryBytes: Int { effects.memoryBytes + noise.memoryBytes }

    /// Draws from another sequence from now on.
    package mutating func reseed(_ seed: UInt64) { draw = ArmDraw(seed: seed) }

    /// The arm to try, of names that are well-mixed hashes; nil where there is none.
    package mutating func choose(_ arms: [UInt64], group: UInt64, context: UInt64) -> ArmChoice? {
        means.removeAll(keepingCapacity: true)
        deviations.removeAll(keepingCapacity: true)
        for arm in arms {
            setTerms(arm, group, context, isShared: false)
            let belief = effects.sum(terms)
            means.append(belief.mean)
            deviations.append(Self.reshaping * belief.variance.squareRoot())
        }
        matching.match(means, deviations)
        return draw.choose(matching.probabilities)
    }

    /// The reward that is expected of an arm.
    package mutating func expectation(_ arm: UInt64, group: UInt64, context: UInt64) -> Float {
        setTerms(arm, group, context, isShared: true)
        return effects.sum(terms).mean * scale
    }

    /// Learns what an arm gave; a reward that is no number is left out, one beyond 10,000 scales held to it.
    package mutating func learn(_ arm: UInt64, group: UInt64, context: UInt64, reward: Float) {
        guard reward == reward else { return }
        let value = min(max(reward / scale, -Self.mostReward), Self.mostReward)
        setTerms(arm, group, context, isShared: true)
        let belief = effects.sum(terms)
        let variance = max(noise.mean(1, prior: 0.5, weight: 8), 1e-4)
        // What a reward is off is noise and what is not known of the effects.
        let off = (value - belief.mean) * (value - belief.mean)
        let total = variance + belief.variance
        noise.insert(1, square: min(off, 9 * total) * variance / total)
        effects.learn(terms, value: value, noise: variance)
    }

    /// - Parameter isShared: whether the effects that are the same for all arms take part.
    private mutating func setTerms(_ arm: UInt64, _ group: UInt64, _ context: UInt64, isShared: Bool) {
        terms.removeAll(keepingCapacity: true)
        terms.append(.init(HashMix.mix(arm), variance: 0.5))
        terms.append(.init(HashMix.mix(arm ^ group &+ 1), variance: 0.25))
        terms.append(.init(HashMix.mix(arm ^ context &+ 2), variance: 0.5))
        guard isShared else { return }
        terms.append(.init(HashMix.mix(3), variance: 1))
        terms.append(.init(HashMix.mix(context &+ 4), variance: 0.5))
    }
}

extension GaussianBandit {
    package func save(to encoder: inout ByteEncoder) {
        effects.save(to: &encoder)
        noise.save(to: &encoder)
        draw.save(to: &encoder)
    }

    /// Reads a bandit; nil from bytes that none of that size wrote.
    package init?(bits: Int = bits, scale: Float = 1, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits, scale: scale, seed: 0)
        guard let effects = AdditiveEffects(bits: bits, restoring: &decoder),
            let noise = SpreadTable(bits: 4, restoring: &decoder), let draw = ArmDraw(restoring: &decoder)
        else { return nil }
        (self.effects, self.noise, self.draw) = (effects, noise, draw)
    }
}
