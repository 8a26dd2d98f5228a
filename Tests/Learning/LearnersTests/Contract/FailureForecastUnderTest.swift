import Learners
import Patterns
import TestSupport

struct FailureForecastUnderTest: LearnerUnderTest {
    private var forecast = FailureForecast(bits: 7)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let call = CallFactors.random(&random)
        let probability = forecast.probability(call)
        forecast.learn(call, failed: random.chance(20))
        return [Double(probability)]
    }

    func save(to encoder: inout ByteEncoder) { forecast.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let forecast = FailureForecast(bits: 7, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.forecast = forecast
        return learner
    }

    var memoryBytes: Int { forecast.memoryBytes }

    static let memoryBound = 24 << 7 + 16 << 5
}

extension CallFactors {
    /// One of more calls than a small learner has room for.
    static func random(_ random: inout SeededGenerator) -> CallFactors {
        CallFactors(
            agent: random.pick(["", "-", "a-b-c-d-e-f-g-h", "agent-\(random.next() % 5)"]),
            server: random.pick(["", "shop", "bank"]),
            tool: random.pick(["", "_", "__", "get_item", "list__x", "tool\(random.next() % 50)"]))
    }
}
