import Learners
import Patterns
import TestSupport

struct PrefetchPolicyUnderTest: LearnerUnderTest {
    private static let bits = 7

    private var policy = PrefetchPolicy(bits: bits, budget: 3, cost: 0.3)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let (now, next) = (Self.moment(&random), Self.moment(&random))
        let left = Int.random(in: -1...20, using: &random)
        let count = policy.choose(now, left: left)
        policy.learn(now, hit: random.pick([nil, 0, 1, 7]), next: random.chance(70) ? next : nil)
        return [Double(count)] + now.guesses.map { Double(policy.chance($0, place: 0)) }
    }

    private static func moment(_ random: inout SeededGenerator) -> PrefetchMoment {
        let guesses = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            PrefetchMoment.Guess(
                tool: UInt64.random(in: 0..<50, using: &random),
                probability: random.pick([0, 0.3, 1, 9, -.infinity, .nan]),
                wait: random.pick([0, 1, 1e9, -1, .infinity, .nan]))
        }
        return PrefetchMoment(
            step: Int.random(in: -5...100, using: &random), latest: UInt64.random(in: 0..<9, using: &random),
            guesses: guesses)
    }

    func save(to encoder: inout ByteEncoder) { policy.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let policy = PrefetchPolicy(bits: bits, budget: 3, cost: 0.3, restoring: &decoder) else {
            return nil
        }
        var learner = Self(seed: seed)
        learner.policy = policy
        return learner
    }

    var memoryBytes: Int { policy.memoryBytes }

    static let memoryBound = 24 * 128
}
