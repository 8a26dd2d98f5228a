import Learners
import TestSupport
import Testing

@Suite("Windows that adapt to changes") struct AdaptiveWindowTests {
    private static func bernoulli(_ share: Double, _ random: inout SeededGenerator) -> Double {
        Double.random(in: 0..<1, using: &random) < share ? 1 : 0
    }

    @Test(
        "While the mean stays, hardly a check tells a change, and the window holds everything",
        arguments: [0.05, 0.5, 0.9])
    func falseAlarms(share: Double) {
        var alarms = 0
        for seed in 0..<20 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var window = AdaptiveWindow(delta: 0.002)
            for _ in 0..<5000 where window.insert(Self.bernoulli(share, &random)) != nil { alarms += 1 }
        }
        // 20 streams of 156 checks with a probability of at most 0.002 each.
        #expect(alarms <= 6)
    }

    @Test("A change is told soon, with its direction", arguments: 1...10 as ClosedRange<UInt64>)
    func delay(seed: UInt64) throws {
        for (before, after, within) in [(0.2, 0.8, 96), (0.8, 0.5, 320), (0.5, 0.4, 2600)] {
            var random = SeededGenerator(seed: seed)
            var window = AdaptiveWindow(delta: 0.002)
            for _ in 0..<3000 { _ = window.insert(Self.bernoulli(before, &random)) }
            var found: (step: Int, change: AdaptiveWindow.Change)?
            for step in 1...within {
                let change = window.insert(Self.bernoulli(after, &random))
                if let change, found == nil { found = (step, change) }
            }
            let change = try #require(found, "seed \(seed), \(before) to \(after)").change
            #expect(change == (after > before ? .rise : .fall), "seed \(seed)")
            for _ in 0..<2000 { _ = window.insert(Self.bernoulli(after, &random)) }
            #expect(abs(window.mean - after) < 0.08, "seed \(seed), \(before) to \(after)")
        }
    }

    @Test("Mean and variance are those of the window's values", arguments: 1...5 as ClosedRange<UInt64>)
    func moments(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (window, values) = (AdaptiveWindow(), [Double]())
        for step in 0..<4000 {
            values.append(Double.random(in: step < 2000 ? 0...0.4 : 0.6...1, using: &random))
            _ = window.insert(values[step])
            let held = values.suffix(Int(window.count))
            guard step % 97 == 0 else { continue }
            let mean = held.reduce(0, +) / Double(held.count)
            let variance = held.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(held.count)
            #expect(abs(window.mean - mean) < 1e-9, "seed \(seed), step \(step)")
            #expect(abs(window.variance - variance) < 1e-9, "seed \(seed), step \(step)")
        }
        #expect(window.count < 2100, "seed \(seed)")
    }

    @Test("Memory grows with the logarithm of the window") func memory() {
        var window = AdaptiveWindow()
        for step in 0..<200_000 { _ = window.insert(step % 2 == 0 ? 0.4 : 0.6) }
        #expect(window.count == 200_000)
        #expect(window.memoryBytes < 2500)
    }
}
