import Telemetry
import TestSupport
import Testing

@testable import MetricHistory

@Suite("Frames of metrics") struct FrameTests {
    private static func value(_ generator: inout SeededGenerator) -> Double {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: generator.pick([0, -0.0, 1e300, -1e-300, 4_503_599_627_370_496, 4_503_599_627_370_497, -1])
        case 1: Double.random(in: -1e9...1e9, using: &generator)
        default: Double(Int.random(in: -1000...100_000, using: &generator))
        }
    }

    private static func point(_ form: Int, _ generator: inout SeededGenerator) -> MetricPoint {
        switch form {
        case 0: return .values(ValueSummary(value(&generator)))
        case 1:
            var summary = ValueSummary(value(&generator))
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                summary.add(later: ValueSummary(value(&generator)))
            }
            return .values(summary)
        default:
            let counts = (0..<Int.random(in: 0...64, using: &generator)).map { _ in
                generator.chance(70) ? 0 : UInt64.random(in: 0...(.max), using: &generator)
            }
            return .durations(BucketCounts(counts, sumMicroseconds: generator.next()))
        }
    }

    static func frame(_ generator: inout SeededGenerator) -> MetricFrame {
        let slots = Int.random(in: 1...10, using: &generator)
        var series: [UInt32: [MetricFrame.Slot]] = [:]
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            let form = Int.random(in: 0...2, using: &generator)
            let same = generator.chance(20) ? point(form, &generator) : nil
            let points = (0..<slots).filter { _ in same != nil || generator.chance(70) }.map {
                MetricFrame.Slot($0, same ?? point(form, &generator))
            }
            if !points.isEmpty { series[UInt32.random(in: 0...(.max), using: &generator)] = points }
        }
        return MetricFrame(slots: slots, series: series)
    }

    @Test("are read as they were written", arguments: 1...UInt64(200)) func back(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let frame = Self.frame(&generator)
        let read = MetricFrame(frame.bytes)
        #expect(read == frame, "seed \(seed)")
        // A frame has one way to be written.
        #expect(read?.bytes == frame.bytes)
    }

    @Test("that are cut or changed are nothing or another frame, and never a trap", arguments: 1...UInt64(40))
    func damaged(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = Self.frame(&generator).bytes
        for _ in 0..<50 {
            let end = Int.random(in: 0..<bytes.count, using: &generator)
            #expect(MetricFrame(Array(bytes[..<end])) == nil, "seed \(seed)")
        }
        for _ in 0..<50 {
            var changed = bytes
            changed[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
            if let read = MetricFrame(changed) { #expect(MetricFrame(read.bytes) == read, "seed \(seed)") }
            _ = MetricFrame(generator.bytes(Int.random(in: 0..<60, using: &generator)))
        }
    }

    @Test("have the bytes of the first version") func golden() {
        var later = ValueSummary(5)
        later.add(later: ValueSummary(7))
        let frame = MetricFrame(
            slots: 3,
            series: [
                1: [.init(0, .values(ValueSummary(4))), .init(2, .values(ValueSummary(6)))],
                2: (0..<3).map { .init($0, .values(ValueSummary(9))) },
                7: [.init(1, .durations(BucketCounts([0, 3, 0, 1], sumMicroseconds: 300)))],
                8: [.init(0, .values(later))],
            ])
        let bytes: [UInt8] = [
            1, 3, 4,
            1, 0, 2, 0, 16, 2, 8,
            1, 3, 36,
            5, 2, 1, 1, 0xAC, 2, 2, 1, 3, 2, 1,
            1, 1, 1, 0, 2, 20, 8, 0, 20,
        ]
        #expect(frame.bytes == bytes)
        #expect(MetricFrame(bytes) == frame)
        #expect(MetricFrame(bytes, wanted: [2])?.series.keys.sorted() == [2])
    }

    @Test("take some bytes a point") func size() {
        var generator = SeededGenerator(seed: 3)
        var series: [UInt32: [MetricFrame.Slot]] = [:]
        // 40 gauges that stand still, 10 that move, and 20 counters of some calls a second.
        for id in UInt32(1)...70 {
            series[id] = (0..<10).map { slot in
                let moving = Double(1_000_000 + Int.random(in: 0..<4000, using: &generator))
                let count = Double(Int.random(in: 0..<60, using: &generator))
                return .init(slot, .values(ValueSummary(id <= 40 ? 4096 : id <= 50 ? moving : count)))
            }
        }
        let bytes = MetricFrame(slots: 10, series: series).bytes.count
        #expect(bytes < 700 * 2)
    }

    @Test("of series are read as they were written", arguments: 1...UInt64(60)) func series(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("ab_é漢\"\n")
        let kind: MetricSeries.Kind = generator.pick([
            .gauge, .counter, .histogram(bounds: HistogramBounds.duration), .histogram(bounds: []),
        ])
        let labels = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
            MetricSeries.Label(
                generator.text(from: alphabet, length: 0...20), generator.text(from: alphabet, length: 0...60)
            )
        }
        let series = MetricSeries(kind, generator.text(from: alphabet, length: 0...60), labels)
        let bytes = series.bytes(lastSeenDay: 20_000)
        let read = try #require(MetricSeries.stored(bytes))
        #expect(read.series == series && read.lastSeenDay == 20_000, "seed \(seed)")
        for end in bytes.indices { #expect(MetricSeries.stored(Array(bytes[..<end])) == nil, "seed \(seed)") }
    }
}
