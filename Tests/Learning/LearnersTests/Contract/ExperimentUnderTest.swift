import Learners
import Patterns
import TestSupport

struct ExperimentUnderTest: LearnerUnderTest {
    private static let bits = 5

    private var experiment = Experiment(bits: bits)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let call = CallFactors(
            agent: "", server: "s\(Int.random(in: 0..<5, using: &random))",
            tool: "t\(Int.random(in: 0..<200, using: &random))")
        let expected = experiment.expectation(call)
        experiment.insert(
            call, reward: random.pick([0, 1, -3, .infinity, .nan]), isSecond: random.chance(50))
        return [Double(expected), experiment.test.difference, experiment.ratio.probabilityOfChance]
    }

    func save(to encoder: inout ByteEncoder) { experiment.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let experiment = Experiment(bits: bits, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.experiment = experiment
        return learner
    }

    var memoryBytes: Int { experiment.memoryBytes }

    static let memoryBound = 24 * 32 + 128
}
