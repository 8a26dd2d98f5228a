import Learners

/// Compares two arms on calls or runs: a sequential test of their rewards, adjusted for which task each unit
/// was, and a test of the ratio in which they came.
///
/// What is expected of a unit is the mean reward of both arms together at what it asks for so far: that of
/// the tool drawn to its family's, that to its server's, that to all.
///
/// Memory: 24 bytes a count, `1 << bits` counts.
/// - Complexity: eight probes of a table a unit.
package struct Experiment: Sendable {
    package static let bits = 12
    private static let halfLife: UInt64 = 1 << 24

    private var means: DiscountedCounts
    package private(set) var test: SequentialTest
    package private(set) var ratio: SampleRatioTest

    /// - Parameters:
    ///   - planned: after how many units, of both arms, the interval should be narrowest.
    ///   - probability: that a unit is given to the second arm, above 0 and below 1.
    package init(bits: Int = bits, planned: UInt64 = 2000, probability: Double = 0.5) {
        means = DiscountedCounts(bits: bits, halfLife: Self.halfLife)
        test = SequentialTest(planned: planned, probability: probability)
        ratio = SampleRatioTest(probability: probability)
    }

    package var memoryBytes: Int { means.memoryBytes + 128 }

    /// Learns what is to be expected from a unit that is in no arm.
    package mutating func learn(_ call: CallFactors, reward: Float) {
        guard reward == reward else { return }
        for name in Self.names(call) { means.record(name, gain: min(max(reward, 0), 1)) }
    }

    /// Takes a unit; a reward is held to 0 to 1, and one that is no number counts only in the ratio.
    package mutating func insert(_ call: CallFactors, reward: Float, isSecond: Bool) {
        ratio.insert(isSecond: isSecond)
        guard reward == reward else { return }
        let held = min(max(reward, 0), 1)
        test.insert(reward: Double(held), expected: Double(expectation(call)), isSecond: isSecond)
        learn(call, reward: held)
    }

    /// The reward that is expected of a unit of either arm.
    package func expectation(_ call: CallFactors) -> Float {
        let names = Self.names(call)
        let all = means.rate(names[0], prior: 0.5, weight: 2)
        let server = means.rate(names[1], prior: all, weight: 4)
        let family = means.rate(names[2], prior: server, weight: 2)
        return means.rate(names[3], prior: family, weight: 1)
    }

    private static func names(_ call: CallFactors) -> [UInt64] {
        [
            CallFactors.name(41), CallFactors.name(42, call.server), CallFactors.name(43, call.family),
            CallFactors.name(44, call.tool),
        ]
    }
}

extension Experiment {
    package func save(to encoder: inout ByteEncoder) {
        means.save(to: &encoder)
        test.save(to: &encoder)
        ratio.save(to: &encoder)
    }

    /// Reads an experiment; nil from bytes that none of that size wrote.
    package init?(
        bits: Int = bits, planned: UInt64 = 2000, probability: Double = 0.5,
        restoring decoder: inout ByteDecoder
    ) {
        self.init(bits: bits, planned: planned, probability: probability)
        guard let means = DiscountedCounts(bits: bits, halfLife: Self.halfLife, restoring: &decoder),
            let test = SequentialTest(planned: planned, probability: probability, restoring: &decoder),
            let ratio = SampleRatioTest(probability: probability, restoring: &decoder)
        else { return nil }
        (self.means, self.test, self.ratio) = (means, test, ratio)
    }
}
