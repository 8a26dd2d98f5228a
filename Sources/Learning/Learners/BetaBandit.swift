/// Chooses among arms, such as models or servers, whose rewards are 0 or 1 (or between), by Thompson sampling
/// with a hierarchy of Beta beliefs.
///
/// What is believed of an arm in a context is `Beta(gains + k * p, losses + k * (1 - p))`, `k = 2`. The mean
/// `p` of the prior is the arm's rate in the context's group with its odds times how much easier the context
/// was than its arms would let expect; the arm's rate in a group is drawn to its rate overall (5 trials), and
/// that to the mean of all (2). An arm is chosen with the probability that it is the best one
/// (`ProbabilityMatching`), on the scale `asin(sqrt(rate))`, where a Beta is close to normal with deviation
/// `1 / (2 sqrt(n + 1/2))` at every rate; on the rates' own scale a normal belief spills over 1, and arms
/// that never fail are left for others again and again. Deviations are halved, the reshaping of Chapelle, Li:
/// "An empirical evaluation of Thompson sampling" (NeurIPS 2011, section 3). All counts fade by half every
/// `halfLife` choices, so that changes are followed.
///
/// Memory: 24 bytes a count, `1 << bits` counts.
/// - Complexity: three probes of a table an arm, and the choice of `ProbabilityMatching`.
package struct BetaBandit: Sendable {
    package static let bits = 16
    package static let halfLife: UInt64 = 1 << 17
    private static let contextWeight: Float = 2
    private static let groupWeight: Float = 5
    private static let armWeight: Float = 2
    /// Half of the half that the deviation of `asin(sqrt(rate))` has.
    private static let spread: Float = 0.25
    private static let all = HashMix.mix(6)

    private var table: DiscountedCounts
    private var draw: ArmDraw
    private var matching = ProbabilityMatching()
    private var means: [Float] = []
    private var deviations: [Float] = []

    package init(bits: Int = bits, halfLife: UInt64 = halfLife, seed: UInt64) {
        table = DiscountedCounts(bits: bits, halfLife: halfLife)
        draw = ArmDraw(seed: seed)
    }

    package var memoryBytes: Int { table.memoryBytes }

    /// Draws from another sequence from now on.
    package mutating func reseed(_ seed: UInt64) { draw = ArmDraw(seed: seed) }

    /// The arm to try, of names that are well-mixed hashes; nil where there is none.
    package mutating func choose(_ arms: [UInt64], group: UInt64, context: UInt64) -> ArmChoice? {
        let place = Place(table, group, context)
        means.removeAll(keepingCapacity: true)
        deviations.removeAll(keepingCapacity: true)
        for arm in arms {
            let (gains, trials) = belief(arm, place)
            means.append(Transcendental.arcsineRoot(gains / trials))
            deviations.append(Self.spread / (trials + 0.5).squareRoot())
        }
        matching.match(means, deviations)
        return draw.choose(matching.probabilities)
    }

    /// The reward that is expected of an arm.
    package func expectation(_ arm: UInt64, group: UInt64, context: UInt64) -> Float {
        let (gains, trials) = belief(arm, Place(table, group, context))
        return gains / trials
    }

    /// Learns what an arm gave.
    /// - Parameter reward: from 0 to 1; what lies outside is held to it, and what is no number is left out.
    package mutating func learn(_ arm: UInt64, group: UInt64, context: UInt64, reward: Float) {
        guard reward == reward else { return }
        let place = Place(table, group, context)
        let expected = groupRate(arm, place)
        let gain = min(max(reward, 0), 1)
        table.tick()
        table.record(place.expected, gain: expected)
        table.record(place.seen, gain: gain)
        table.record(Self.all, gain: gain)
        table.record(HashMix.mix(arm), gain: gain)
        table.record(HashMix.mix(arm ^ place.group), gain: gain)
        table.record(HashMix.mix(arm ^ place.context), gain: gain)
    }

    /// Adds what a sibling of the same size and half-life has learned.
    package mutating func merge(_ other: BetaBandit) { table.merge(other.table) }

    private func groupRate(_ arm: UInt64, _ place: Place) -> Float {
        let own = table.rate(HashMix.mix(arm), prior: place.all, weight: Self.armWeight)
        return table.rate(HashMix.mix(arm ^ place.group), prior: own, weight: Self.groupWeight)
    }

    /// The parameters of the Beta: what trials gave, and how many, those of the prior included.
    @inline(__always)
    private func belief(_ arm: UInt64, _ place: Place) -> (gains: Float, trials: Float) {
        let rate = min(max(groupRate(arm, place), 0.01), 0.99)
        let prior = rate * place.ease / (1 - rate + rate * place.ease)
        let (gains, trials) = table.counts(HashMix.mix(arm ^ place.context))
        return (gains + Self.contextWeight * prior, trials + Self.contextWeight)
    }

    /// Where a choice is made: names of counts, and what all arms share.
    private struct Place {
        var group: UInt64
        var context: UInt64
        var seen: UInt64
        var expected: UInt64
        var all: Float
        /// The factor of the odds.
        var ease: Float

        init(_ table: DiscountedCounts, _ group: UInt64, _ context: UInt64) {
            self.group = HashMix.mix(group, 2)
            self.context = HashMix.mix(context, 3)
            seen = HashMix.mix(context, 4)
            expected = HashMix.mix(context, 5)
            all = table.rate(BetaBandit.all, prior: 0.5, weight: BetaBandit.armWeight)
            ease = Self.odds(table.rate(seen, prior: 0.5, weight: 2))
            ease /= Self.odds(table.rate(expected, prior: 0.5, weight: 2))
        }

        private static func odds(_ rate: Float) -> Float {
            let held = min(max(rate, 0.02), 0.98)
            return held / (1 - held)
        }
    }
}

extension BetaBandit {
    package func save(to encoder: inout ByteEncoder) {
        table.save(to: &encoder)
        draw.save(to: &encoder)
    }

    /// Reads a bandit; nil from bytes that none of that size wrote.
    package init?(
        bits: Int = bits, halfLife: UInt64 = halfLife, restoring decoder: inout ByteDecoder
    ) {
        guard let table = DiscountedCounts(bits: bits, halfLife: halfLife, restoring: &decoder),
            let draw = ArmDraw(restoring: &decoder)
        else { return nil }
        (self.table, self.draw) = (table, draw)
    }
}
