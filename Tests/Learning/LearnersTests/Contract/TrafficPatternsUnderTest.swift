import Learners
import Patterns
import TestSupport

struct TrafficPatternsUnderTest: LearnerUnderTest {
    private static let sizes = PatternSizes(bytes: 2 << 20)

    private var learner: TrafficPatterns

    init(seed: UInt64) { learner = TrafficPatterns(Self.sizes, seed: seed) }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        var call = ObservedCall(
            server: random.pick(["s", "other"]), tool: "tool_\(Int.random(in: 0..<6, using: &random))")
        call.sessionName = random.chance(80) ? "session\(Int.random(in: 0..<12, using: &random))" : ""
        call.principal = random.pick(["ann", "bob"])
        let gap: UInt64 = random.chance(2) ? 2_000_000_000 : 100_000
        call.startMicroseconds = 1_700_000_000_000_000 + gap + learner.learned * 1_000_000
        call.durationMicroseconds = UInt64.random(in: 0...1_000_000, using: &random)
        call.resultBytes = UInt64.random(in: 0...5000, using: &random)
        call.isError = random.chance(10)
        let item = Int.random(in: 0..<4, using: &random)
        if random.chance(90) {
            call.arguments = random.chance(90) ? Array("{\"item\":\(item)}".utf8)[...] : random.bytes(30)[...]
            call.argumentsHash = UInt64(item + 1)
        }
        if random.chance(90) {
            call.result = random.chance(90) ? Array("item \(item) is there".utf8)[...] : random.bytes(60)[...]
            call.resultHash = UInt64.random(in: 1...3, using: &random)
        }
        guard let expectation = learner.expect(call) else { return [] }
        var forecast = learner.learn(call, expectation).map { Double($0.bits) }
        for outlook in learner.takeTools(most: 3) {
            forecast += [outlook.bound95Milliseconds, Double(outlook.failure), Double(outlook.mutation ?? 0)]
        }
        for outlook in learner.takeSessions(most: 2) {
            forecast += outlook.next.map { Double($0.probability) } + [Double(outlook.suspicion)]
        }
        if random.chance(2) {
            forecast += learner.sessionGroups(most: 4).map { Double($0.sessions) }
            forecast += learner.frequentSequences(most: 4).map { Double($0.lift) }
        }
        return forecast
    }

    func save(to encoder: inout ByteEncoder) { learner.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let learner = TrafficPatterns(sizes, seed: seed, restoring: &decoder) else { return nil }
        var under = Self(seed: seed)
        under.learner = learner
        // What is to be published is told again to whoever reads it first.
        _ = under.learner.takeTools(most: .max)
        _ = under.learner.takeSessions(most: .max)
        return under
    }

    var memoryBytes: Int { learner.memoryBytes }

    static let memoryBound = sizes.bytes
}
