import Learners
import Patterns
import TestSupport

struct CacheForecastUnderTest: LearnerUnderTest {
    private static let bits = 8

    private var forecast = CacheForecast(bits: bits)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let call = CacheForecast.Call(
            factors: CallFactors.random(&random), arguments: UInt64.random(in: 0..<20, using: &random),
            session: random.pick([0, UInt64.random(in: 0..<60, using: &random)]))
        let told = forecast.forecast(call)
        forecast.learn(call, result: UInt64.random(in: 0..<3, using: &random), isError: random.chance(10))
        guard let told else { return [] }
        return [Double(told.probability), Double(told.lowerBound), told.isFromAnotherSession ? 1 : 0]
    }

    func save(to encoder: inout ByteEncoder) { forecast.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let forecast = CacheForecast(bits: bits, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.forecast = forecast
        return learner
    }

    var memoryBytes: Int { forecast.memoryBytes }

    static let memoryBound = 24 << 8 + 16 << 6 + 384 << 6 + 640 << 4 + 256 * 128
}
