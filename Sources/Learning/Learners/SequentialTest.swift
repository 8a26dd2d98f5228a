/// Tells, at any time and however often it is asked, whether two arms differ in their mean reward.
///
/// Each unit is given to one of the arms by a coin, and `d = +-(reward - expected) / P(that arm)` has the
/// mean of the difference, whatever was expected before the arm was known (Horvitz, Thompson; what is
/// expected takes variance away, as in Lindon et al.: "Anytime-valid linear models and regression adjusted
/// causal inference", arXiv 2210.08589). With the mean `m` and variance `v` of `t` such numbers the
/// difference lies in `m +- sqrt(v (t r + 1) / (t^2 r) * log((t r + 1) / a^2))`, at all times together with
/// probability `1 - a`, as `t` grows: the asymptotic confidence sequence of Waudby-Smith et al.
/// ("Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52, 2024,
/// theorem 2.2), which is the mixture SPRT with a normal mixture of variance `v r` around 0. It is two-sided.
/// `r` makes it narrowest after as many units as were planned, and must be fixed before the first one;
/// another plan costs units, not the guarantee. Nothing is decided before 100 units, 25 of each arm, where
/// normality is not to be had.
///
/// - Complexity: about 10 ns a unit; 64 bytes.
package struct SequentialTest: Sendable, Equatable {
    /// Where the difference lies.
    package struct Interval: Sendable, Equatable {
        package var low: Double
        package var high: Double
    }

    package static let level = 0.05
    package static let fewestUnits: UInt64 = 100
    private static let fewestOfArm: UInt64 = 25
    private static let mostMagnitude = 1e9
    /// `log(1 / a^2)` at the level.
    private static let logLevel = 5.991_464_547

    private let probability: Double
    private let mixture: Double
    private var differences = RunningMoments()
    private var seconds: UInt64 = 0

    /// - Parameters:
    ///   - planned: after how many units, of both arms, the interval should be narrowest.
    ///   - probability: that a unit is given to the second arm, above 0 and below 1.
    package init(planned: UInt64 = 2000, probability: Double = 0.5) {
        precondition(probability > 0 && probability < 1, "the probability of an arm is out of range")
        self.probability = probability
        // -2 log a + log(1 - 2 log a), a = .05.
        mixture = (Self.logLevel + 1.944_690_7) / Double(max(1, planned))
    }

    package var count: UInt64 { differences.count }

    /// The estimated difference, second arm less first.
    package var difference: Double { differences.mean }

    /// Takes a unit; one whose numbers are not finite is left out.
    /// - Parameter expected: the reward that was expected before the arm was known.
    package mutating func insert(reward: Double, expected: Double, isSecond: Bool) {
        let off = reward - expected
        guard off.magnitude < Self.mostMagnitude else { return }
        if isSecond { seconds += 1 }
        differences.insert(isSecond ? off / probability : -off / (1 - probability))
    }

    /// Where the difference lies, now and at all times before; nil in the first units.
    package var interval: Interval? {
        guard differences.count >= Self.fewestUnits,
            min(seconds, differences.count - seconds) >= Self.fewestOfArm
        else { return nil }
        let units = Double(differences.count)
        let grown = units * mixture + 1
        let log = Self.logLevel + Double(Transcendental.logarithm(Float(grown)))
        let half = (differences.variance * grown / (units * units * mixture) * log).squareRoot()
        return Interval(low: differences.mean - half, high: differences.mean + half)
    }

    /// Whether the arms differ.
    package var isDecided: Bool { interval.map { $0.low > 0 || $0.high < 0 } ?? false }

    /// Adds the units of a sibling that tests the same arms.
    package mutating func merge(_ other: SequentialTest) {
        differences.merge(other.differences)
        seconds = min(seconds + other.seconds, differences.count)
    }
}

extension SequentialTest {
    package func save(to encoder: inout ByteEncoder) {
        differences.save(to: &encoder)
        encoder.write(seconds)
    }

    /// Reads a test; nil from bytes that none wrote.
    package init?(planned: UInt64 = 2000, probability: Double = 0.5, restoring decoder: inout ByteDecoder) {
        self.init(planned: planned, probability: probability)
        guard let differences = RunningMoments(restoring: &decoder),
            let seconds = decoder.integer(upTo: differences.count)
        else { return nil }
        (self.differences, self.seconds) = (differences, seconds)
    }
}
