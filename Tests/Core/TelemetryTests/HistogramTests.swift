import Telemetry
import Testing

@Suite("Histograms")
struct HistogramTests {
    @Test("Upper bounds are inclusive and the last bucket takes the rest")
    func buckets() {
        var histogram = Histogram(bounds: [10, 20, 50])
        for value: UInt64 in [0, 10, 11, 20, 50, 51, .max / 2] { histogram.record(value) }
        #expect(histogram.counts == [2, 2, 1, 2])
        #expect(histogram.cumulative(upTo: 20) == 4)
        #expect(histogram.count == 7)
    }

    @Test("Quantiles lie in the bucket of the exact quantile, for random data")
    func quantiles() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        for _ in 0..<200 {
            var histogram = Histogram(bounds: HistogramBounds.duration)
            var values: [UInt64] = []
            for _ in 0..<(1 + Int(state >> 56)) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                values.append((state >> 33) % 1_000_000)
                histogram.record(values[values.count - 1])
            }
            values.sort()
            for q in [0.0, 0.5, 0.9, 0.99, 1.0] {
                let rank = max(1, (Double(values.count) * q).rounded(.up))
                let exact = values[Int(rank) - 1]
                let upper = HistogramBounds.duration.first { $0 >= exact } ?? 0
                let lower = HistogramBounds.duration.last { $0 < exact } ?? 0
                let estimate = histogram.quantile(q) ?? .max
                #expect(lower <= estimate && estimate <= upper, "seed \(seed), q \(q)")
            }
        }
    }

    @Test("An empty histogram has no quantiles")
    func empty() {
        #expect(Histogram(bounds: [1]).quantile(0.5) == nil)
    }

    @Test("The bounds ascend, and the fine ones contain those of OpenTelemetry")
    func bounds() {
        for bounds in [HistogramBounds.operation, HistogramBounds.duration, HistogramBounds.overhead] {
            #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 })
        }
        #expect(Set(HistogramBounds.operation).isSubset(of: HistogramBounds.duration))
    }
}
