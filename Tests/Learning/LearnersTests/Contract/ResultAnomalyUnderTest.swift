import Learners
import Patterns
import TestSupport

struct ResultAnomalyUnderTest: LearnerUnderTest {
    private var detector: ResultAnomaly

    init(seed: UInt64) { detector = ResultAnomaly(lineBits: 6, seed: seed) }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let tool = random.pick(["a", "b"])
        let result = Array("{\"n\": \(random.next() % 50), \"state\": \"open\"}".utf8) + random.bytes(3)
        let finding = detector.judge(result[...], server: "s", tool: tool)
        detector.learn(result[...], server: "s", tool: tool, score: finding.score)
        return [
            Double(finding.score), Double(finding.share), Double(finding.span.lowerBound),
            Double(finding.span.upperBound),
        ]
    }

    func save(to encoder: inout ByteEncoder) { detector.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let detector = ResultAnomaly(lineBits: 6, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.detector = detector
        return learner
    }

    var memoryBytes: Int { detector.memoryBytes }

    static let memoryBound = 64 << 6 + 2 * 320
}
