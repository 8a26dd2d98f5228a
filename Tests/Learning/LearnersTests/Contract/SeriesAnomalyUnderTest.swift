import Learners
import TestSupport

struct SeriesAnomalyUnderTest: LearnerUnderTest {
    private var detector = SeriesAnomaly(level: 8)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let value: Double =
            random.chance(5)
            ? random.pick([.nan, -.infinity, 1e300, -1e300, 0, .leastNonzeroMagnitude])
            : Double.random(in: -1...1, using: &random) + 20
        let time: Int64? = random.pick([nil, Int64(detector.count) * 600, .max, .min, -5_000_000])
        guard let judgement = detector.judge(value, at: time) else { return [] }
        let alarm = detector.learn(judgement)
        return [
            Double(judgement.evidence), Double(judgement.surprise), judgement.expected ?? 0,
            Double(alarm?.probability ?? 2),
        ]
    }

    func save(to encoder: inout ByteEncoder) { detector.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let detector = SeriesAnomaly(level: 8, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.detector = detector
        return learner
    }

    var memoryBytes: Int { detector.memoryBytes }

    static let memoryBound = 12_000
}
