import Learners
import TestSupport
import Testing

@Suite("The ratio of samples") struct SampleRatioTestTests {
    @Test("A right ratio is not called wrong", arguments: [10, 50, 80]) func right(percent: Int) {
        for seed in 1...20 as ClosedRange<UInt64> {
            var test = SampleRatioTest(probability: Double(percent) / 100)
            var random = SeededGenerator(seed: seed)
            for _ in 0..<5000 { test.insert(isSecond: random.chance(percent)) }
            #expect(!test.isMismatched, "seed \(seed), \(percent) %")
        }
    }

    @Test("A ratio that is off is called wrong, and stays so", arguments: 1...5 as ClosedRange<UInt64>)
    func wrong(seed: UInt64) {
        var (test, random) = (SampleRatioTest(), SeededGenerator(seed: seed))
        for _ in 0..<5000 { test.insert(isSecond: random.chance(56)) }
        #expect(test.isMismatched, "seed \(seed)")
        for _ in 0..<5000 { test.insert(isSecond: random.chance(44)) }
        #expect(test.isMismatched, "seed \(seed)")
    }
}
