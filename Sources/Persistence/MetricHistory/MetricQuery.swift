/// What is asked of the history: a metric's series over a time, in steps.
package struct MetricQuery: Sendable {
    /// Of one series.
    package static let mostSteps: UInt64 = 2000
    /// Of one answer.
    package static let mostSeries = 50

    package var name: String
    /// Only series that have all of these.
    package var labels: [MetricSeries.Label]
    /// Seconds since 1970; `end` is not included.
    package var start: UInt64
    package var end: UInt64
    /// In seconds.
    package var step: UInt64
    /// All series as one.
    package var isSummed: Bool
    /// Series that are passed over, and that are given.
    package var skipped: Int
    package var limit: Int

    /// None for an empty time, or more steps than are given.
    package init?(
        _ name: String, _ labels: [MetricSeries.Label] = [], start: UInt64, end: UInt64, step: UInt64,
        isSummed: Bool = false, skipped: Int = 0, limit: Int = mostSeries
    ) {
        guard start < end, step > 0, (end - start) / step <= Self.mostSteps, skipped >= 0, limit > 0,
            end <= Self.latest, step <= Self.latest
        else { return nil }
        self.name = name
        self.labels = labels
        // Steps are where those of every other query are.
        self.start = start - start % step
        self.end = end
        self.step = step
        self.isSummed = isSummed
        self.skipped = skipped
        self.limit = min(limit, Self.mostSeries)
    }

    /// The same in parts of so many steps each, in order.
    func pieces(ofSteps steps: Int) -> [Self] {
        stride(from: start, to: end, by: Int(clamping: step) * steps).map { start in
            var piece = self
            piece.start = start
            piece.end = min(end, start + step * UInt64(steps))
            return piece
        }
    }

    /// The step with which some 300 points cover a time.
    package static func step(from start: UInt64, to end: UInt64) -> UInt64 {
        let least = (max(end, start) - start) / 300 + 1
        return [1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 21_600].first { $0 >= least } ?? 86_400
    }

    /// Beyond the year 9999 nothing is asked for.
    private static let latest: UInt64 = 253_402_300_800

    /// The coarsest that has a point for each step.
    var resolution: MetricResolution {
        MetricResolution.allCases.last { $0.seconds <= step && step % $0.seconds == 0 } ?? .second
    }
}
