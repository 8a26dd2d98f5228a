import Learners
import TestSupport

struct SequenceModelUnderTest: LearnerUnderTest {
    private static let sizes = SequenceModel.Sizes(lineBits: 8, rowBits: 5, expertBits: 5, mostSymbols: 64)
    /// One vocabulary lists symbols that the model has no room for.
    private static let vocabularies = [
        SequenceVocabulary(id: 0, symbols: Array(0..<12), groups: Array(repeating: 0, count: 12)),
        SequenceVocabulary(id: 1, symbols: [7, 3, 40, 9000, -4], groups: [0, 0, 1, 2, 3]),
        SequenceVocabulary(id: 2, symbols: [], groups: []),
    ]

    private var model: SequenceModel
    private var trail = SequenceTrail()
    private let names: SymbolNames

    init(seed: UInt64) {
        model = SequenceModel(Self.sizes, seed: seed)
        var names = SymbolNames()
        for symbol in 0..<12 { names.insert("tool_\(symbol)", symbol: symbol, group: symbol % 3) }
        self.names = names
    }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let vocabulary = random.pick(Self.vocabularies)
        let forecast = model.predict(trail, vocabulary)
        let symbol =
            random.chance(95) ? Int.random(in: 0..<12, using: &random) : random.pick([-1, 40, 9000, .max])
        model.learn(symbol, after: trail, vocabulary)
        if random.chance(20) { trail = SequenceTrail() }
        let result = Array("[\"tool_\(Int.random(in: 0..<20, using: &random))\", 5]".utf8) + random.bytes(20)
        trail.advance(
            SequenceCall(
                symbol: max(0, min(symbol, 9000)), group: symbol & 3,
                arguments: Array("{\"key\":\(Int.random(in: 0..<9, using: &random))}".utf8)[...],
                result: result[...], isError: random.chance(10), isParallel: random.chance(10)), names: names)
        return forecast.map { Double($0) }
    }

    func save(to encoder: inout ByteEncoder) {
        model.save(to: &encoder)
        trail.save(to: &encoder)
    }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let model = SequenceModel(sizes, restoring: &decoder),
            let trail = SequenceTrail(restoring: &decoder)
        else { return nil }
        var learner = Self(seed: seed)
        learner.model = model
        learner.trail = trail
        return learner
    }

    var memoryBytes: Int { model.memoryBytes }

    static let memoryBound = 64 << 8 + 260 << 6 + 64 * 4 + 64 << 10
}
