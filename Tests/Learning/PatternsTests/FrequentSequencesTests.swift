import Patterns
import TestSupport
import Testing

@Suite("Sequences that sessions share") struct FrequentSequencesTests {
    /// Sessions of random calls; two of three have 1, 2, 3 in them, with up to one other call between.
    private static func learned(_ count: UInt64, seed: UInt64) -> FrequentSequences {
        var random = SeededGenerator(seed: seed)
        var sequences = FrequentSequences()
        for session in 0..<count {
            var calls = (0..<6).map { _ in Int.random(in: 10..<40, using: &random) }
            if session % 3 != 0 {
                for symbol in [1, 2, 3] {
                    calls.append(symbol)
                    if random.chance(50) { calls.append(Int.random(in: 10..<40, using: &random)) }
                }
            }
            for symbol in calls { sequences.observe(symbol, session: session) }
            sequences.end(session: session)
        }
        return sequences
    }

    @Test("A sequence with gaps is found with its support and lift", arguments: 1...5 as ClosedRange<UInt64>)
    func gaps(seed: UInt64) throws {
        let found = Self.learned(600, seed: seed).sequences()
        let first = try #require(found.first, "seed \(seed)")
        #expect(first.symbols == [1, 2, 3], "seed \(seed)")
        // What came before its parts were known to be frequent is not counted.
        #expect((390...400).contains(first.support), "seed \(seed), \(first.support)")
        #expect(abs(first.share - 2.0 / 3) < 0.02, "seed \(seed)")
        #expect(abs(first.lift - 1.5) < 0.05, "seed \(seed), \(first.lift)")
        // Its parts tell nothing more.
        #expect(!found.contains { [[1, 2], [2, 3], [1, 3]].contains($0.symbols) }, "seed \(seed)")
    }

    @Test("Calls that are frequent but independent have no lift", arguments: 1...3 as ClosedRange<UInt64>)
    func independent(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var sequences = FrequentSequences()
        for session in 0..<2000 as Range<UInt64> {
            for _ in 0..<5 { sequences.observe(Int.random(in: 0..<6, using: &random), session: session) }
        }
        #expect(sequences.sequences(leastSupport: 100, leastLift: 1.5).isEmpty, "seed \(seed)")
    }

    @Test("A sequence counts once a session, and calls of one tool in a row as one") func once() throws {
        var sequences = FrequentSequences(fewest: 1)
        for session in 0..<10 as Range<UInt64> {
            for symbol in [1, 1, 2, 1, 2, 2, 2, 1, 2] { sequences.observe(symbol, session: session) }
        }
        let pair = try #require(
            sequences.sequences(most: 99, leastSupport: 1, leastLift: 0).first { $0.symbols.count == 4 })
        #expect(pair.support == 10 && pair.share == 1 && pair.lift == 1)
        #expect(pair.symbols == [1, 2, 1, 2] || pair.symbols == [2, 1, 2, 1])
    }

    @Test("Interleaved sessions are kept apart") func interleaved() {
        var sequences = FrequentSequences(fewest: 1)
        for round in 0..<50 as Range<UInt64> {
            for step in 0..<3 {
                for session in 0..<4 as Range<UInt64> {
                    sequences.observe(Int(session) * 10 + step, session: round * 4 + session)
                }
            }
        }
        let found = sequences.sequences(leastSupport: 40)
        #expect(found.count == 4)
        #expect(found.allSatisfy { $0.support == 50 && $0.symbols.count == 3 && abs($0.lift - 4) < 1e-3 })
    }
}
