import Learners
import TestSupport
import Testing

@Suite("Unusual values of series") struct SeriesAnomalyTests {
    /// Every five minutes, twice as much between 8 and 16 o'clock, with noise.
    private static func usual(_ step: Int, _ random: inout SeededGenerator) -> Double {
        let hour = step / 12 % 24
        return (hour >= 8 && hour < 16 ? 80 : 40) + Double.random(in: -4...4, using: &random)
    }

    private static func alarms(
        _ steps: Int, seed: UInt64, isTimed: Bool = true,
        _ value: (Int, inout SeededGenerator) -> Double = usual
    ) -> [SeriesAnomaly.Alarm] {
        var detector = SeriesAnomaly()
        var random = SeededGenerator(seed: seed)
        return (0..<steps).compactMap { step in
            let time = isTimed ? 1_388_534_400 + Int64(step) * 300 : nil
            return detector.judge(value(step, &random), at: time).flatMap { detector.learn($0) }
        }
    }

    @Test("A stream that goes on as ever gives hardly any alarm", arguments: 1...6 as ClosedRange<UInt64>)
    func quiet(seed: UInt64) {
        #expect(Self.alarms(8000, seed: seed).count <= 1, "seed \(seed)")
        #expect(Self.alarms(8000, seed: seed, isTimed: false).count <= 3, "seed \(seed)")
    }

    @Test(
        "A spike is told once, with where it is and how unlikely", arguments: 1...6 as ClosedRange<UInt64>)
    func spike(seed: UInt64) throws {
        let alarms = Self.alarms(5000, seed: seed) { step, random in
            Self.usual(step, &random) + ((4003..<4010).contains(step) ? 200 : 0)
        }
        let alarm = try #require(alarms.first { $0.index >= 3000 }, "seed \(seed)")
        #expect((4003..<4006).contains(alarm.index), "seed \(seed)")
        #expect(alarm.probability < 1e-4 && alarm.probability > 0, "seed \(seed)")
        #expect(alarms.count { $0.index >= 3000 } <= 2, "seed \(seed)")
    }

    @Test(
        "A value that is usual at another time of the day is unusual, and that is what is said",
        arguments: 1...6 as ClosedRange<UInt64>)
    func timeOfDay(seed: UInt64) throws {
        // Two weeks, then a day on which the busy hours are at night.
        let alarms = Self.alarms(4320, seed: seed) { step, random in
            Self.usual(step < 4032 ? step : step + 144, &random)
        }
        let alarm = try #require(alarms.first { $0.index >= 3000 }, "seed \(seed)")
        #expect((4032..<4200).contains(alarm.index), "seed \(seed)")
        let aspect = alarm.judgement.aspect
        #expect(aspect == .timeOfDay || aspect == .timeOfWeek, "seed \(seed), \(aspect)")
        let expected = try #require(alarm.judgement.expected)
        #expect(abs(expected - alarm.judgement.value) > 30, "seed \(seed)")
    }

    @Test("A series that stops changing is unusual in its variation", arguments: 1...6 as ClosedRange<UInt64>)
    func flat(seed: UInt64) throws {
        var detector = SeriesAnomaly()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            let judgement = try #require(detector.judge(50 + Double.random(in: -4...4, using: &random)))
            _ = detector.learn(judgement)
        }
        var most = try #require(detector.judge(50))
        for _ in 0..<60 {
            let judgement = try #require(detector.judge(50))
            if judgement.surprise > most.surprise { most = judgement }
            _ = detector.learn(judgement)
        }
        #expect(most.aspect == .variation && most.expected == nil, "seed \(seed), \(most.aspect)")
        #expect(most.surprise > 2.5, "seed \(seed)")
    }

    @Test("What is no number is passed over") func noNumber() {
        let detector = SeriesAnomaly()
        for value in [Double.nan, .infinity, -.infinity] { #expect(detector.judge(value) == nil) }
        #expect(detector.judge(1e308)?.evidence == 0)
    }

    @Test("The gate tells one event once, and a stream that alarms often has to surprise more") func gate() {
        var gate = AlarmGate(level: 10)
        let evidence: [Float] =
            [9, 11, 12, 21, 22] + [Float](repeating: 0, count: Int(AlarmGate.quietValues)) + [11.5, 12]
        let passed = evidence.map { gate.passes($0) }
        #expect(passed[..<5] == [false, true, false, false, true])
        #expect(!passed[5..<evidence.count - 1].contains(true) && passed[evidence.count - 1])
    }
}
