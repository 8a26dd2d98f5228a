import Learners
import TestSupport
import Testing

@Suite("Changes of a mean") struct PageHinkleyTests {
    /// A nearly normal variate of variance 1 (the sum of 12 uniform ones).
    private static func normal(_ random: inout SeededGenerator) -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
    }

    @Test("False alarms are as rare as the tolerance and the threshold promise")
    func falseAlarms() {
        // exp(2 * 0.25 * 10) = 148 values apart at least, on either side; the mean is learned.
        var alarms = 0
        for seed in 0..<40 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var detector = PageHinkley(tolerance: 0.25, threshold: 10, fewestValues: 100)
            for _ in 0..<2000 where detector.insert(Self.normal(&random)) != nil { alarms += 1 }
        }
        #expect(Double(alarms) <= 2 * 40 * 2000 / 148)
        var rare = 0
        for seed in 0..<40 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var detector = PageHinkley(tolerance: 0.25, threshold: 30, fewestValues: 100)
            for _ in 0..<2000 where detector.insert(Self.normal(&random)) != nil { rare += 1 }
        }
        // exp(15) values apart.
        #expect(rare == 0)
    }

    @Test("A shift is told within the time that the formula says", arguments: 1...10 as ClosedRange<UInt64>)
    func delay(seed: UInt64) throws {
        for (shift, change) in [(2.0, PageHinkley.Change.rise), (-2, .fall), (1, .rise)] {
            var random = SeededGenerator(seed: seed)
            var detector = PageHinkley(tolerance: 0.25, threshold: 30)
            for _ in 0..<3000 { #expect(detector.insert(Self.normal(&random)) == nil, "seed \(seed)") }
            var told: (delay: Int, change: PageHinkley.Change)?
            for step in 1...200 {
                let change = detector.insert(Self.normal(&random) + shift)
                if let change, told == nil { told = (step, change) }
            }
            let found = try #require(told, "seed \(seed), \(shift)")
            #expect(found.change == change, "seed \(seed)")
            let expected = 30 / (shift.magnitude - 0.25)
            #expect(abs(Double(found.delay) - expected) < 0.8 * expected, "seed \(seed), \(found.delay)")
        }
    }

    @Test("After a change it learns the new mean") func again() {
        var detector = PageHinkley(tolerance: 0.1, threshold: 5)
        var changes: [PageHinkley.Change] = []
        for step in 0..<900 {
            if let change = detector.insert([0.0, 10, -3][step / 300]) { changes.append(change) }
        }
        #expect(changes == [.rise, .fall])
        #expect(abs(detector.current + 3) < 1e-9)
    }
}
