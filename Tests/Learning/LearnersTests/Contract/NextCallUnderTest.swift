import Learners
import Patterns
import TestSupport

struct NextCallUnderTest: LearnerUnderTest {
    private static let sizes = SequenceModel.Sizes(lineBits: 7, rowBits: 4, expertBits: 4, mostSymbols: 8)

    private var learner: NextCall

    init(seed: UInt64) { learner = NextCall(sizes: Self.sizes, callBits: 6, rateBits: 6, seed: seed) }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let session = UInt64.random(in: 0..<3, using: &random)
        let symbol = learner.symbol(server: "s", tool: "tool\(Int.random(in: 0..<6, using: &random))")
        let symbols = Array(0..<learner.tools.count)
        let vocabulary = SequenceVocabulary(
            id: symbols.count, symbols: symbols, groups: symbols.map { learner.tools.server($0) })
        let forecast = learner.predict(session: session, vocabulary).map { Double($0.probability) }
        if random.chance(5) { learner.end(session: session) }
        guard let symbol else { return [] }
        let item = Int.random(in: 0..<6, using: &random)
        let arguments = random.pick([
            "{}", "{\"item\":\(item)}", "{\"item\":\(item),\"name\":\"n\(item)\"}",
            "{\"list\":[1,{\"b\":2}]}",
            "no object", "{\"long\":\"\(String(repeating: "x", count: 60))\"}",
        ])
        let result = "{'item': \(item), names: [n\(item), \"n\(item + 1)\"]}"
        learner.observe(
            SequenceCall(
                symbol: symbol, arguments: Array(arguments.utf8)[...],
                result: random.chance(90) ? Array(result.utf8)[...] : random.bytes(40)[...]),
            session: session, vocabulary, isFrozen: random.chance(10))
        return forecast
    }

    func save(to encoder: inout ByteEncoder) { learner.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let learner = NextCall(sizes: sizes, callBits: 6, rateBits: 6, restoring: &decoder) else {
            return nil
        }
        var under = Self(seed: seed)
        under.learner = learner
        return under
    }

    var memoryBytes: Int { learner.memoryBytes }

    /// The model's tables, and what few sessions, calls and arguments take at most.
    static let memoryBound = 1 << 20
}
