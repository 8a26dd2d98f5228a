import Synchronization

/// The counts of one event loop.
///
/// The loop is the only one that takes the mutex often, so it is not contended; a scrape copies the series
/// out.
final class MetricShard: Sendable {
    /// What is counted of the calls of one label set.
    struct Series: Sendable {
        var duration = Histogram(bounds: HistogramBounds.duration)
        var overhead = Histogram(bounds: HistogramBounds.overhead)
        var upstream = Histogram(bounds: HistogramBounds.duration)
        var requestBytes: UInt64 = 0
        var resultBytes: UInt64 = 0

        mutating func add(_ other: Series) {
            duration.add(other.duration)
            overhead.add(other.overhead)
            upstream.add(other.upstream)
            requestBytes &+= other.requestBytes
            resultBytes &+= other.resultBytes
        }
    }

    private struct State {
        var positions: [SeriesKey: Int] = [:]
        var series: [Series] = []
        /// What was counted last, since the next call is often of the same tool; comparing costs a sixth of
        /// finding.
        var last: (key: SeriesKey, position: Int)?
        var rates = RateWindow()
    }

    private let state = Mutex(State())
    private let registry: SeriesRegistry

    init(registry: SeriesRegistry) { self.registry = registry }

    /// - Complexity: no allocation once the series exists.
    func record(_ record: borrowing CallRecord, seconds: UInt64) {
        let key = SeriesKey(record)
        let overhead =
            record.durationMicroseconds > record.upstreamMicroseconds
            ? record.durationMicroseconds - record.upstreamMicroseconds : 0
        let upstream = record.upstreamMicroseconds
        let duration = record.durationMicroseconds
        let sizes = (UInt64(clamping: record.requestBytes), UInt64(clamping: record.resultBytes))
        let isError = record.outcome.isError
        state.withLock { state in
            let position = Self.position(of: key, &state, registry)
            state.series[position].duration.record(duration)
            state.series[position].overhead.record(overhead)
            if upstream > 0 { state.series[position].upstream.record(upstream) }
            state.series[position].requestBytes &+= sizes.0
            state.series[position].resultBytes &+= sizes.1
            state.rates.count(seconds: seconds, isError: isError)
        }
    }

    func snapshot() -> [SeriesKey: Series] {
        state.withLock { state in state.positions.mapValues { state.series[$0] } }
    }

    func rates(seconds: UInt64) -> (calls: UInt64, errors: UInt64) {
        state.withLock { $0.rates.totals(seconds: seconds) }
    }

    private static func position(of key: SeriesKey, _ state: inout State, _ registry: SeriesRegistry) -> Int {
        if let last = state.last, last.key == key { return last.position }
        let position = find(key, &state, registry)
        state.last = (key, position)
        return position
    }

    private static func find(_ key: SeriesKey, _ state: inout State, _ registry: SeriesRegistry) -> Int {
        if let position = state.positions[key] { return position }
        let kept = registry.admit(key) ? key : key.overflow
        if let position = state.positions[kept] { return position }
        let position = state.series.count
        state.series.append(Series())
        state.positions[kept] = position
        return position
    }
}
