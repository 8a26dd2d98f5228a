import Learners
import Patterns
import TestSupport

struct FrequentSequencesUnderTest: LearnerUnderTest {
    private var sequences = FrequentSequences(bits: 4, fewest: 2)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let session = UInt64.random(in: 0..<5000, using: &random) * UInt64.random(in: 0...1, using: &random)
        let symbol = random.chance(3) ? random.pick([-1, .max, 4095, 4096]) : Int(random.next() % 6)
        sequences.observe(symbol, session: session)
        if random.chance(10) { sequences.end(session: session) }
        guard random.chance(10) else { return [] }
        return sequences.sequences(leastSupport: 2, leastLift: 0).flatMap {
            $0.symbols.map { Double($0) } + [Double($0.support), Double($0.share), Double($0.lift)]
        }
    }

    func save(to encoder: inout ByteEncoder) { sequences.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let sequences = FrequentSequences(bits: 4, fewest: 2, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.sequences = sequences
        return learner
    }

    var memoryBytes: Int { sequences.memoryBytes }

    static let memoryBound = 4 * 16 << 4 + 4 << 8 + FrequentSequences.mostSessions * 56
}
