import Learners
import TestSupport

struct SampleRatioTestUnderTest: LearnerUnderTest {
    private var test = SampleRatioTest(probability: 0.4)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        test.insert(isSecond: random.chance(60))
        return [test.probabilityOfChance, test.isMismatched ? 1 : 0]
    }

    func save(to encoder: inout ByteEncoder) { test.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let test = SampleRatioTest(probability: 0.4, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.test = test
        return learner
    }

    var memoryBytes: Int { MemoryLayout<SampleRatioTest>.size + 16 }

    static let memoryBound = 64
}
