import Learners
import Patterns
import TestSupport

struct SessionAnomalyUnderTest: LearnerUnderTest {
    private static let sizes = SessionAnomaly.Sizes(
        resultBits: 6, argumentBits: 6, wordBits: 6, effectBits: 6)
    private static let sessions = 3

    private var detector: SessionAnomaly

    init(seed: UInt64) { detector = SessionAnomaly(Self.sizes, seed: seed) }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let session = random.next() % UInt64(Self.sessions)
        let text = Array("{\"to\": \"shop\(random.next() % 9).com\", \"n\": ".utf8) + random.bytes(4)
        let result = random.chance(30) ? random.bytes(90) : Array("done: 1".utf8)
        let call = SessionAnomaly.Call(
            server: "s", tool: random.pick(["send", "search"]), arguments: text[...], result: result[...],
            toolBits: Float(random.next() % 9))
        let found = detector.observe(call, session: session)
        if random.chance(70) { detector.learn(call, score: found.result.score) }
        if random.chance(20) {
            detector.judge(session: session, wasTakenOver: random.chance(30))
            detector.end(session: session)
        }
        let (finding, source) = (found.session, found.session.source)
        return [
            Double(finding.probability), Double(finding.call), Double(finding.valueBits),
            Double(finding.value.lowerBound), Double(source?.call ?? -1), Double(source?.offset ?? -1),
        ]
    }

    func save(to encoder: inout ByteEncoder) { detector.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let detector = SessionAnomaly(sizes, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.detector = detector
        return learner
    }

    var memoryBytes: Int { detector.memoryBytes }

    static let memoryBound =
        (2 * 64 + 4 + 24) << 6 + 2 * 320 + sessions * SessionAnomaly.sessionBytes
}
