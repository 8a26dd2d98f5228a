import Learners
import TestSupport

struct ConformalQuantileUnderTest: LearnerUnderTest {
    private var quantile = ConformalQuantile(share: 0.9, start: 1, rate: 0.1)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let value = quantile.value
        quantile.insert(random.pick([-5, 0, 1.5, 40, .infinity, .nan]))
        return [Double(value)]
    }

    func save(to encoder: inout ByteEncoder) { quantile.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let quantile = ConformalQuantile(share: 0.9, rate: 0.1, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.quantile = quantile
        return learner
    }

    var memoryBytes: Int { MemoryLayout<ConformalQuantile>.size }

    static let memoryBound = 12
}
