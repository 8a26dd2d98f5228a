import Learners
import TestSupport

struct SequentialTestUnderTest: LearnerUnderTest {
    private var test = SequentialTest(planned: 200, probability: 0.3)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        test.insert(
            reward: random.pick([0, 1, 1e8, .infinity, .nan]), expected: random.pick([0, 0.5, .nan]),
            isSecond: random.chance(30))
        return [test.difference, test.interval?.low ?? 0, test.interval?.high ?? 0, test.isDecided ? 1 : 0]
    }

    mutating func merge(_ other: Self) -> Bool {
        test.merge(other.test)
        return true
    }

    func save(to encoder: inout ByteEncoder) { test.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let test = SequentialTest(planned: 200, probability: 0.3, restoring: &decoder) else {
            return nil
        }
        var learner = Self(seed: seed)
        learner.test = test
        return learner
    }

    var memoryBytes: Int { MemoryLayout<SequentialTest>.size }

    static let memoryBound = 64
}
