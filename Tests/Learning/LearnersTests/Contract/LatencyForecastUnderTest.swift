import Learners
import Patterns
import TestSupport

struct LatencyForecastUnderTest: LearnerUnderTest {
    private var forecast = LatencyForecast(bits: 7)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let call = CallFactors.random(&random)
        let told = forecast.forecast(call)
        forecast.learn(call, seconds: random.pick([-1, 0, 0.02, 5, 1e30, .infinity, .nan]))
        return [Double(told.middle), Double(told.bound)]
    }

    func save(to encoder: inout ByteEncoder) { forecast.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let forecast = LatencyForecast(bits: 7, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.forecast = forecast
        return learner
    }

    var memoryBytes: Int { forecast.memoryBytes }

    static let memoryBound = 24 << 7 + 24 << 5 + 12
}
