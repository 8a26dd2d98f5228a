import TestSupport
import Testing

@testable import Learners

@Suite("How sure a prediction is") struct SharpnessTests {
    /// Predicts with the log odds of the truth times a factor, and learns.
    private static func learned(_ factor: Float, seed: UInt64) -> Float {
        var random = SeededGenerator(seed: seed)
        var sharpness = Sharpness()
        for _ in 0..<20_000 {
            let odds = Float.random(in: -2..<2, using: &random)
            let truth = 1 / (1 + Transcendental.exponential(-odds))
            let happened = Float.random(in: 0..<1, using: &random) < truth
            let said = 1 / (1 + Transcendental.exponential(-odds * factor))
            let logs = [Transcendental.logarithm(said), Transcendental.logarithm(1 - said)]
            var sharp = logs.map { sharpness.power(2) * $0 }
            Transcendental.softmax(&sharp, share: 0)
            sharpness.learn(
                2, came: logs[happened ? 0 : 1], mean: sharp[0] * logs[0] + sharp[1] * logs[1])
        }
        return sharpness.power(2)
    }

    @Test(
        "The power undoes what predictions are too sure or not sure enough",
        arguments: [(Float(2), Float(0.5)), (0.5, 2), (1, 1)])
    func power(factor: Float, expected: Float) {
        #expect(abs(Self.learned(factor, seed: 3) / expected - 1) < 0.15)
    }

    @Test("Sessions of other lengths have powers of their own") func lengths() {
        var sharpness = Sharpness()
        for _ in 0..<100 { sharpness.learn(0, came: -0.1, mean: -1) }
        #expect(sharpness.power(0) > 1.3 && sharpness.power(1) == 1 && sharpness.power(9) == 1)
    }
}
