import Learners
import TestSupport
import Testing

@Suite("How rare the greatest values are") struct ExcessTailTests {
    /// An exponential variate from a uniform one.
    private static func exponential(_ random: inout SeededGenerator) -> Float {
        -Transcendental.logarithm(Float.random(in: 1e-7..<1, using: &random))
    }

    @Test(
        "What was never seen has the probability that the past leads to expect",
        arguments: 1...5 as ClosedRange<UInt64>)
    func beyond(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var tail = ExcessTail()
        for _ in 0..<4000 { tail.insert(Self.exponential(&random)) }
        // The exponential distribution exceeds x with the probability exp(-x).
        for x: Float in [4, 6, 9.21, 13.82] {
            let expected = x / 2.302_585
            #expect(abs(tail.surprise(x) - expected) < 0.25 * expected, "seed \(seed), \(x)")
        }
        #expect(tail.surprise(1) == 0)
    }

    @Test("What was seen is as rare as it was", arguments: 1...5 as ClosedRange<UInt64>)
    func seen(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var tail = ExcessTail()
        for step in 0..<10_000 { tail.insert(step % 100 == 99 ? 1000 : Self.exponential(&random)) }
        #expect(abs(tail.surprise(1000) - 2) < 0.01, "seed \(seed)")
        #expect(tail.surprise(10_000) > 2.5, "seed \(seed)")
    }

    @Test(
        "Merged tails are the tail of both streams, whatever their scales",
        arguments: 1...8 as ClosedRange<UInt64>)
    func merging(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (first, second, both) = (ExcessTail(), ExcessTail(), ExcessTail())
        let scales = (0..<2).map { _ in Float(sign: .plus, exponent: Int(random.next() % 24), significand: 1)
        }
        for _ in 0..<600 {
            let isFirst = random.chance(40)
            let value = Self.exponential(&random) * scales[isFirst ? 0 : 1]
            if isFirst { first.insert(value) } else { second.insert(value) }
            both.insert(value)
        }
        first.merge(second)
        #expect(first == both, "seed \(seed)")
    }

    @Test("What is long past weighs less") func forgetting() {
        var tail = ExcessTail()
        for step in 0..<5000 { tail.insert(step % 50 == 0 ? 100 : 1) }
        let before = tail.surprise(100)
        for _ in 0..<600_000 { tail.insert(1) }
        #expect(tail.surprise(100) > before + 1)
    }

    @Test("A change after constant values is as surprising as can be") func constant() {
        var tail = ExcessTail()
        for _ in 0..<200 { tail.insert(0) }
        #expect(tail.surprise(0) == 0)
        #expect(tail.surprise(0.001) == ExcessTail.most)
    }
}
