import Learners
import TestSupport
import Testing

@Suite("Quantiles that keep their share") struct ConformalQuantileTests {
    @Test(
        "The promised share lies below, also after the stream changed",
        arguments: 1...5 as ClosedRange<UInt64>)
    func coverage(seed: UInt64) {
        var quantile = ConformalQuantile(share: 0.9, start: 0, rate: 0.05)
        var random = SeededGenerator(seed: seed)
        for width: Float in [1, 5] {
            var below = 0
            for step in 0..<6000 {
                let score = Float.random(in: 0..<width, using: &random)
                if step >= 1000, score <= quantile.value { below += 1 }
                quantile.insert(score)
            }
            #expect(abs(Double(below) / 5000 - 0.9) < 0.01, "seed \(seed), width \(width)")
        }
    }
}
