/// A series as a query's answer has it.
package struct MetricTrack: Sendable {
    package struct Step: Sendable, Equatable {
        /// When it begins, in seconds since 1970.
        package var start: UInt64
        /// Seconds of it that were measured.
        package var covered: UInt64
        /// Nothing where nothing was counted.
        package var point: MetricPoint?

        package init(start: UInt64, covered: UInt64, point: MetricPoint?) {
            self.start = start
            self.covered = covered
            self.point = point
        }
    }

    package var series: MetricSeries
    /// Without those in which nothing was measured.
    package var steps: [Step]

    package init(series: MetricSeries, steps: [Step]) {
        self.series = series
        self.steps = steps
    }
}

/// An answer of the history: some of the series, and whether there are more.
package struct MetricAnswer: Sendable {
    package var tracks: [MetricTrack]
    package var hasMore: Bool

    package init(tracks: [MetricTrack], hasMore: Bool) {
        self.tracks = tracks
        self.hasMore = hasMore
    }
}
