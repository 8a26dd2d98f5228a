import Learners
import TestSupport

struct HitRatesUnderTest: LearnerUnderTest {
    private var rates = HitRates(bits: 6)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let name = HashMix.mix(UInt64.random(in: 0..<200, using: &random))
        let forecast = rates.rate(name)
        rates.record(name, isHit: random.chance(30))
        return [Double(forecast)]
    }

    func save(to encoder: inout ByteEncoder) { rates.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let rates = HitRates(bits: 6, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.rates = rates
        return learner
    }

    var memoryBytes: Int { rates.memoryBytes }

    static let memoryBound = 16 << 6
}
