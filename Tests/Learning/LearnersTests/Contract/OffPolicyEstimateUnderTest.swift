import Learners
import TestSupport

struct OffPolicyEstimateUnderTest: LearnerUnderTest {
    private var estimate = OffPolicyEstimate()

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let values = [estimate.ips, estimate.selfNormalized, estimate.doublyRobust]
        estimate.insert(
            reward: random.pick([0, 1, -1e9, .infinity, .nan]),
            propensity: random.pick([0, 0.01, 0.5, 1, 2, .nan]),
            target: random.pick([0, 0.5, 1]), forecast: random.pick([0, 0.5, .nan]))
        return values.flatMap { [$0.mean, $0.standardError] } + [estimate.effectiveCount]
    }

    mutating func merge(_ other: Self) -> Bool {
        estimate.merge(other.estimate)
        return true
    }

    func save(to encoder: inout ByteEncoder) { estimate.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let estimate = OffPolicyEstimate(restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.estimate = estimate
        return learner
    }

    var memoryBytes: Int { MemoryLayout<OffPolicyEstimate>.size + 40 }

    static let memoryBound = 160
}
