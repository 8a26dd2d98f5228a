import Learners

/// How many of the guesses of the next call to prefetch, so that a session's budget goes where it earns most.
///
/// `Q(s, b, a) = sum over the first a guesses of (P(right) wait - cost) + F(s, b - a)`, with `F` what the
/// session is still expected to earn with the budget that is left: fitted Q iteration (Ernst, Geurts,
/// Wehenkel, JMLR 6, 2005) over hashed features of the moment, the target of `F(s, b)` being `max over a of
/// Q(s', b, a)`. As a session makes its calls whatever was prefetched, each call teaches all budgets and all
/// actions at once. `P(right)` is learned from the guess's probability and tool by logistic regression, which
/// also mends probabilities that are off. Taken is the least of the best actions.
///
/// Memory: 24 bytes an effect, `1 << bits` effects.
/// - Complexity: a choice about 40 probes of a table; learning that a unit of budget.
package struct PrefetchPolicy: Sendable {
    package static let bits = 14
    package static let mostBudget = 16
    private static let noise: Float = 1
    private static let mostReturn: Float = 1e4

    package let budget: Int
    /// What a prefetch costs, in seconds of wait.
    package let cost: Float
    private var effects: AdditiveEffects

    /// - Parameters:
    ///   - budget: prefetches that a session may make, from 1 to 16.
    ///   - cost: of one, in seconds of wait, from 0 to 1,000.
    package init(bits: Int = bits, budget: Int, cost: Float) {
        precondition(budget >= 1 && budget <= Self.mostBudget, "the budget is out of range")
        precondition(cost >= 0 && cost <= PrefetchMoment.mostWait, "the cost is out of range")
        effects = AdditiveEffects(bits: bits)
        (self.budget, self.cost) = (budget, cost)
    }

    package var memoryBytes: Int { effects.memoryBytes }

    /// How many of the guesses to prefetch, from 0 to as many as there are and as are left.
    package func choose(_ moment: PrefetchMoment, left: Int) -> Int {
        let values = returns(moment, rewards(moment), left: min(left, budget))
        return values.indices.max { values[$0] < values[$1] || values[$0] == values[$1] && $0 > $1 } ?? 0
    }

    /// Learns from what came after a moment.
    /// - Parameters:
    ///   - hit: which of the guesses was right; nil if none was.
    ///   - next: the moment before the session's next call; nil if there is none.
    package mutating func learn(_ moment: PrefetchMoment, hit: Int?, next: PrefetchMoment?) {
        for (place, guess) in moment.guesses.enumerated() {
            effects.learn(Self.chanceTerms(guess, place), happened: hit == place)
        }
        let earned = next.map { rewards($0) } ?? []
        for left in 1...budget {
            let value = next.flatMap { returns($0, earned, left: left).max() } ?? 0
            effects.learn(
                Self.futureTerms(moment, left), value: min(max(value, 0), Self.mostReturn), noise: Self.noise)
        }
    }

    /// The probability that a guess is right, in the light of how guesses like it fared.
    package func chance(_ guess: PrefetchMoment.Guess, place: Int) -> Float {
        AdditiveEffects.probability(logOdds: effects.sum(Self.chanceTerms(guess, place)).mean)
    }

    /// What each guess is expected to earn at once.
    private func rewards(_ moment: PrefetchMoment) -> [Float] {
        moment.guesses.enumerated().map { chance($1, place: $0) * $1.wait - cost }
    }

    /// What the session is expected to earn from now on, if so many guesses are prefetched.
    private func returns(_ moment: PrefetchMoment, _ rewards: [Float], left: Int) -> [Float] {
        var (values, sum): ([Float], Float) = ([], 0)
        for count in 0...max(0, min(rewards.count, left)) {
            if count > 0 { sum += rewards[count - 1] }
            values.append(sum + future(moment, left - count))
        }
        return values
    }

    /// What the session is expected to earn after the next call with a budget.
    private func future(_ moment: PrefetchMoment, _ left: Int) -> Float {
        left > 0 ? max(0, effects.sum(Self.futureTerms(moment, left)).mean) : 0
    }

    private static func chanceTerms(
        _ guess: PrefetchMoment.Guess, _ place: Int
    ) -> [AdditiveEffects.Term] {
        let held = min(max(guess.probability, 0.001), 0.999)
        let logOdds = Transcendental.logarithm(held / (1 - held))
        let bucket = UInt64(held * 8)
        return [
            .init(name(1, UInt64(place)), variance: 0.5),
            .init(name(2, UInt64(place)), scale: logOdds, mean: 1, variance: 0.1),
            .init(name(3, UInt64(place), bucket), variance: 0.1),
            .init(name(4, guess.tool), variance: 0.2),
            .init(name(5, guess.tool, bucket), variance: 0.1),
        ]
    }

    private static func futureTerms(_ moment: PrefetchMoment, _ left: Int) -> [AdditiveEffects.Term] {
        let (budget, step) = (UInt64(left), UInt64(min(moment.step, 31)))
        let guess = moment.guesses.first
        return [
            .init(name(11, budget), variance: 1),
            .init(name(12, budget, step), variance: 0.3),
            .init(name(13, budget, moment.latest), variance: 0.3),
            .init(name(14, budget, guess?.tool ?? 0), variance: 0.3),
            .init(name(15, budget, HashMix.mix(guess?.tool ?? 0, step)), variance: 0.1),
        ]
    }

    private static func name(_ kind: UInt64, _ a: UInt64, _ b: UInt64 = 0) -> UInt64 {
        HashMix.mix(a &+ kind &* 0x9E37_79B9_7F4A_7C15, b)
    }
}

extension PrefetchPolicy {
    package func save(to encoder: inout ByteEncoder) { effects.save(to: &encoder) }

    /// Reads a policy; nil from bytes that none of that size wrote.
    package init?(bits: Int = bits, budget: Int, cost: Float, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits, budget: budget, cost: cost)
        guard let effects = AdditiveEffects(bits: bits, restoring: &decoder) else { return nil }
        self.effects = effects
    }
}
