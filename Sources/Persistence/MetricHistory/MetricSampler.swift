import Telemetry

/// Turns readings of metrics into points: counters and histograms into what they grew by since the reading
/// before.
struct MetricSampler {
    private enum Reading {
        case number(Double)
        case buckets(Histogram)
    }

    /// Series that are remembered; beyond them none is taken.
    static let mostSeries = MetricFrame.mostSeries

    private var previous: [MetricSeries: Reading] = [:]

    /// - Returns: a point of each gauge, and of what else has grown.
    mutating func points(_ readings: [MetricReading]) -> [(MetricSeries, MetricPoint)] {
        var points: [(MetricSeries, MetricPoint)] = []
        for reading in readings {
            let series = MetricSeries(reading)
            guard series.isBounded, let point = point(reading.value, series) else { continue }
            points.append((series, point))
        }
        return points
    }

    private mutating func point(_ value: MetricReading.Value, _ series: MetricSeries) -> MetricPoint? {
        switch value {
        case .gauge(let value): return value.isFinite ? .values(ValueSummary(value)) : nil
        case .counter(let value, let fromZero):
            guard value.isFinite, remember(.number(value), series, ifNew: fromZero ? 0 : value) else {
                return nil
            }
            guard case .number(let before)? = exchanged else { return nil }
            // What is less than before has begun anew.
            let growth = value < before ? value : value - before
            return growth > 0 ? .values(ValueSummary(growth)) : nil
        case .histogram(let histogram):
            guard remember(.buckets(histogram), series, ifNew: 0) else { return nil }
            return Self.growth(histogram, since: exchanged).map(MetricPoint.durations)
        }
    }

    /// What a series read before it was remembered last.
    private var exchanged: Reading?

    /// - Returns: false for a series that is one too many.
    private mutating func remember(_ reading: Reading, _ series: MetricSeries, ifNew start: Double) -> Bool {
        if let before = previous[series] {
            exchanged = before
        } else {
            guard previous.count < Self.mostSeries else { return false }
            exchanged = .number(start)
        }
        previous[series] = reading
        return true
    }

    private static func growth(_ histogram: Histogram, since before: Reading?) -> BucketCounts? {
        var counts = histogram.counts
        var sum = histogram.sumMicroseconds
        if case .buckets(let old)? = before, old.bounds == histogram.bounds,
            zip(old.counts, counts).allSatisfy({ $0 <= $1 })
        {
            for (bucket, count) in old.counts.enumerated() { counts[bucket] &-= count }
            sum &-= old.sumMicroseconds
        }
        return counts.contains { $0 > 0 } ? BucketCounts(counts, sumMicroseconds: sum) : nil
    }
}
