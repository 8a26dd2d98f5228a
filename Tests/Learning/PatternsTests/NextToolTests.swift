import Learners
import Patterns
import TestSupport
import Testing

@Suite("The next tool of a session") struct NextToolTests {
    private static let sizes = SequenceModel.Sizes(lineBits: 12, rowBits: 6, expertBits: 6, mostSymbols: 64)

    private static func vocabulary(_ learner: NextTool) -> SequenceVocabulary {
        let symbols = Array(0..<learner.tools.count)
        return SequenceVocabulary(
            id: symbols.count, symbols: symbols, groups: symbols.map { learner.tools.server($0) })
    }

    /// A learner that knows `count` tools, `tool0` first.
    private static func learner(_ count: Int) -> NextTool {
        var learner = NextTool(sizes)
        for tool in 0..<count {
            let symbol = learner.symbol(server: "s", tool: "tool\(tool)")
            #expect(symbol == tool)
        }
        return learner
    }

    @Test("Sessions that are interleaved are told apart") func interleaved() {
        var learner = Self.learner(8)
        let vocabulary = Self.vocabulary(learner)
        let cycles = [[0, 1, 2], [3, 4, 5]]
        var hits = 0
        for step in 0..<120 {
            for session in 0..<2 {
                let next = cycles[session][step % 3]
                let guess = learner.predict(session: UInt64(session), vocabulary)[0].symbol
                if step >= 60, guess == next { hits += 1 }
                learner.observe(SequenceCall(symbol: next), session: UInt64(session), vocabulary)
            }
        }
        #expect(hits == 120)
    }

    @Test("Agents of different kinds start in their own ways") func agents() {
        var learner = Self.learner(8)
        let vocabulary = Self.vocabulary(learner)
        var hits = 0
        for session in 0..<80 {
            let kind = session % 3
            learner.begin(session: UInt64(session), agent: "agent-\(kind)")
            if session >= 40, learner.predict(session: UInt64(session), vocabulary)[0].symbol == kind {
                hits += 1
            }
            learner.observe(SequenceCall(symbol: kind), session: UInt64(session), vocabulary)
            learner.end(session: UInt64(session))
        }
        #expect(hits == 40)
    }

    @Test("Candidates stand by falling probability") func order() {
        var learner = Self.learner(20)
        let vocabulary = Self.vocabulary(learner)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let ranked = learner.predict(session: 1, vocabulary)
            #expect(zip(ranked, ranked.dropFirst()).allSatisfy { $0.probability >= $1.probability })
            #expect(Set(ranked.map(\.symbol)) == Set(0..<20))
            let symbol = min(Int.random(in: 0..<20, using: &random), Int.random(in: 0..<20, using: &random))
            learner.observe(SequenceCall(symbol: symbol), session: 1, vocabulary)
        }
    }

    @Test("A frozen learner goes on in its sessions but learns nothing") func frozen() {
        var learner = Self.learner(4)
        let vocabulary = Self.vocabulary(learner)
        for step in 0..<60 { learner.observe(SequenceCall(symbol: step % 4), session: 1, vocabulary) }
        let before = learner.predict(session: 2, vocabulary)
        for _ in 0..<50 { learner.observe(SequenceCall(symbol: 3), session: 3, vocabulary, isFrozen: true) }
        #expect(learner.predict(session: 2, vocabulary) == before)
        #expect(learner.predict(session: 3, vocabulary)[0].symbol == 0)
    }

    @Test("The session that was quiet for longest makes room") func eviction() {
        var learner = Self.learner(3)
        let vocabulary = Self.vocabulary(learner)
        for session in 0..<NextTool.mostSessions + 10 {
            learner.observe(SequenceCall(symbol: 0), session: UInt64(session), vocabulary)
            learner.observe(SequenceCall(symbol: 1), session: .max, vocabulary)
        }
        #expect(learner.sessionCount <= NextTool.mostSessions)
        #expect(learner.knows(session: .max))
        #expect(!learner.knows(session: 0))
    }

    @Test("Tools beyond the bound and names beyond theirs have no number") func bounds() {
        var learner = Self.learner(64)
        let (beyond, known) = (
            learner.symbol(server: "s", tool: "one more"), learner.symbol(server: "s", tool: "tool3")
        )
        #expect(beyond == nil)
        #expect(known == 3)
        let long = String(repeating: "x", count: NextTool.mostNameBytes + 1)
        var fresh = NextTool(Self.sizes)
        let overlong = [fresh.symbol(server: long, tool: "a"), fresh.symbol(server: "a", tool: long)]
        #expect(overlong == [nil, nil])
    }
}
