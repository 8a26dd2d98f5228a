import Learners
import TestSupport
import Testing

@Suite("Telling arms apart at any time") struct SequentialTestTests {
    @Test("Looked at after each unit, a difference that is not there is seen in 5 % of the tests at most")
    func falsePositives() {
        var (mistakes, trials) = (0, 0)
        for percent in [3, 30, 50, 90] {
            for seed in 0..<60 as Range<UInt64> {
                var (test, random) = (SequentialTest(), SeededGenerator(seed: seed * 7 + UInt64(percent)))
                for _ in 0..<2000 where !test.isDecided {
                    let reward = random.chance(percent) ? 1.0 : 0
                    test.insert(reward: reward, expected: Double(percent) / 100, isSecond: random.chance(50))
                }
                mistakes += test.isDecided ? 1 : 0
                trials += 1
            }
        }
        #expect(mistakes * 20 <= trials, "\(mistakes) of \(trials)")
    }

    @Test(
        "A difference is found, with its sign, whatever was expected and however units are shared",
        arguments: 1...5 as ClosedRange<UInt64>)
    func difference(seed: UInt64) {
        for (probability, expected) in [(0.5, 0.4), (0.2, 0.4), (0.5, 0.9)] {
            var test = SequentialTest(probability: probability)
            var random = SeededGenerator(seed: seed)
            var units = 0
            while units < 30_000, !test.isDecided {
                let isSecond = Double.random(in: 0..<1, using: &random) < probability
                let reward = random.chance(isSecond ? 45 : 30) ? 1.0 : 0
                test.insert(reward: reward, expected: expected, isSecond: isSecond)
                units += 1
            }
            #expect(test.isDecided && test.difference > 0, "seed \(seed)")
            #expect(test.interval.map { $0.low > 0 && $0.low < 0.15 } ?? false, "seed \(seed)")
        }
    }

    @Test("What explains a reward makes the interval narrower") func adjustment() {
        var (plain, adjusted) = (SequentialTest(), SequentialTest())
        var random = SeededGenerator(seed: 1)
        for unit in 0..<2000 {
            let percent = unit % 2 == 0 ? 90 : 10
            let (reward, isSecond) = (random.chance(percent) ? 1.0 : 0, random.chance(50))
            plain.insert(reward: reward, expected: 0.5, isSecond: isSecond)
            adjusted.insert(reward: reward, expected: Double(percent) / 100, isSecond: isSecond)
        }
        let widths = [plain, adjusted].map { ($0.interval?.high ?? 0) - ($0.interval?.low ?? 0) }
        #expect(widths[1] < 0.7 * widths[0] && widths[1] > 0)
    }

    @Test("Nothing is decided in the first units, nor by numbers that are none") func first() {
        var test = SequentialTest()
        for _ in 0..<99 { test.insert(reward: 1, expected: 0, isSecond: true) }
        #expect(test.interval == nil && !test.isDecided)
        test.insert(reward: .nan, expected: 0, isSecond: true)
        #expect(test.count == 99)
        for _ in 0..<99 { test.insert(reward: 1, expected: 0, isSecond: true) }
        #expect(test.interval == nil, "one arm alone")
    }

    @Test("Merged tests are that of all units") func merging() {
        var random = SeededGenerator(seed: 4)
        var (all, parts) = (SequentialTest(), [SequentialTest(), SequentialTest()])
        for unit in 0..<1000 {
            let (reward, isSecond) = (random.chance(40) ? 1.0 : 0, random.chance(50))
            all.insert(reward: reward, expected: 0.4, isSecond: isSecond)
            parts[unit % 2].insert(reward: reward, expected: 0.4, isSecond: isSecond)
        }
        parts[0].merge(parts[1])
        #expect(parts[0].count == 1000)
        #expect(abs((parts[0].interval?.low ?? 9) - (all.interval?.low ?? 0)) < 1e-9)
    }
}
