import Learners
import TestSupport

struct ExcessTailUnderTest: LearnerUnderTest {
    private var tail = ExcessTail()

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let value: Float =
            switch random.next() % 12 {
            case 0: random.pick([0, -1, .nan, .infinity, .leastNonzeroMagnitude, 3e38, 1e-24])
            case 1: Float(sign: .plus, exponent: Int.random(in: -60...60, using: &random), significand: 1.3)
            default: Float.random(in: 0..<1, using: &random)
            }
        let surprise = tail.surprise(value)
        tail.insert(value)
        if random.chance(1) { tail.merge(tail) }
        return [Double(surprise)]
    }

    func save(to encoder: inout ByteEncoder) { tail.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let tail = ExcessTail(restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.tail = tail
        return learner
    }

    var memoryBytes: Int { 512 }

    static let memoryBound = 512
}
