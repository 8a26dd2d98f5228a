import Learners
import Patterns
import TestSupport

struct NextToolUnderTest: LearnerUnderTest {
    private static let sizes = SequenceModel.Sizes(lineBits: 7, rowBits: 4, expertBits: 4, mostSymbols: 16)

    private var learner: NextTool

    init(seed: UInt64) { learner = NextTool(Self.sizes, seed: seed) }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let session = UInt64.random(in: 0..<5000, using: &random) * UInt64.random(in: 0...1, using: &random)
        let server = "server\(Int.random(in: 0..<3, using: &random))"
        learner.begin(session: session, agent: random.pick(["", "a", "b"]))
        // More tools than it has numbers for.
        let symbol = learner.symbol(server: server, tool: "tool\(Int.random(in: 0..<8, using: &random))")
        let symbols = Array(0..<learner.tools.count)
        let vocabulary = SequenceVocabulary(
            id: symbols.count, symbols: symbols, groups: symbols.map { learner.tools.server($0) })
        let forecast = learner.predict(session: session, vocabulary)
        if random.chance(10) { learner.end(session: session) }
        guard let symbol else { return [] }
        learner.observe(
            SequenceCall(
                symbol: symbol, group: learner.tools.server(symbol), arguments: random.bytes(30)[...],
                result: Array("see tool\(Int.random(in: 0..<8, using: &random)), please".utf8)[...],
                isError: random.chance(10), isParallel: random.chance(10)),
            session: session, vocabulary, isFrozen: random.chance(10))
        return forecast.flatMap { [Double($0.symbol), Double($0.probability)] }
    }

    func save(to encoder: inout ByteEncoder) { learner.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let learner = NextTool(sizes, restoring: &decoder) else { return nil }
        var under = Self(seed: seed)
        under.learner = learner
        return under
    }

    var memoryBytes: Int { learner.memoryBytes }

    static let memoryBound = 64 << 7 + 260 << 5 + 64 << 10 + NextTool.mostSessions * NextTool.sessionBytes
}
