import Learners
import Patterns

/// The baseline of `attune evaluate bandit`: the arm with the best mean so far, and any in one choice of ten.
struct EpsilonGreedy: BanditLearner {
    private static let share: Float = 0.1

    private var rates = HitRates(bits: 12)
    private var seed: UInt64
    private var draws: UInt64 = 0

    init(seed: UInt64) { self.seed = seed }

    mutating func reseed(_ seed: UInt64) { (self.seed, draws) = (seed, 0) }

    mutating func choose(_ arms: [UInt64], for task: CallFactors) -> ArmChoice? {
        guard !arms.isEmpty else { return nil }
        var (best, most) = (0, -Float.infinity)
        for (place, arm) in arms.enumerated() {
            // An arm that was never tried comes first.
            let rate = rates.rate(HashMix.mix(arm), prior: 1, weight: 1e-3)
            if rate > most { (best, most) = (place, rate) }
        }
        draws &+= 1
        let bits = HashMix.mix(seed ^ 0xD1B5_4A32_D192_ED03, draws)
        let isAny = Float(bits >> 40) / 16_777_216 < Self.share
        let place = isAny ? Int(bits & 0xFF_FFFF) % arms.count : best
        let even = Self.share / Float(arms.count)
        return ArmChoice(place: place, propensity: place == best ? 1 - Self.share + even : even)
    }

    mutating func learn(_ arm: UInt64, for task: CallFactors, isReward: Bool) {
        rates.record(HashMix.mix(arm), isHit: isReward)
    }
}
