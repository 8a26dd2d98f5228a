import Identifiers
import Synchronization

/// Counts calls, by loop, and writes them for Prometheus.
package final class Metrics: Sendable {
    /// The most label sets that calls are counted under; the rest is counted as `other`.
    package static let seriesLimit = 1000

    private let shards: [MetricShard]
    private let families = Mutex<[MetricFamily]>([])
    private let faults = Mutex<[ErrorKey: UInt64]>([:])
    private let memory = Mutex<(@Sendable () -> [(component: String, bytes: Int)])?>(nil)
    private let version: String
    package let started: MonotonicTime

    private struct ErrorKey: Hashable {
        var server: String
        var kind: String
    }

    package init(loops: Int, version: String, seriesLimit: Int = Metrics.seriesLimit) {
        let registry = SeriesRegistry(limit: seriesLimit)
        shards = (0..<max(1, loops)).map { _ in MetricShard(registry: registry) }
        self.version = version
        started = .now
    }

    /// Counts a finished call, by the wall clock at its end, which spares reading a clock.
    package func record(_ record: borrowing CallRecord, loop: Int) {
        shards[loop % shards.count].record(record, seconds: record.end / 1_000_000)
    }

    /// Counts an error that is not the outcome of a call: a refused request, a server that did not start.
    ///
    /// - Parameter kind: one of a few fixed words, never text from outside.
    package func error(server: String = "", kind: StaticString) {
        let key = ErrorKey(server: server, kind: kind.description)
        faults.withLock { faults in
            let known = faults[key] != nil || faults.count < Self.seriesLimit
            faults[known ? key : ErrorKey(server: SeriesKey.other, kind: key.kind), default: 0] &+= 1
        }
    }

    /// Adds a metric whose values are read at each scrape.
    package func register(_ family: MetricFamily) { families.withLock { $0.append(family) } }

    /// Adds what parts of the memory hold, which is read at each scrape.
    package func registerMemory(_ read: @escaping @Sendable () -> [(component: String, bytes: Int)]) {
        memory.withLock { $0 = read }
    }

    /// Calls and errors a second, on average over the last ten seconds.
    ///
    /// - Parameter now: microseconds since 1970.
    package func rates(now: UInt64 = WallClock.microseconds) -> CallRates {
        var rates = CallRates()
        let window = Double(RateWindow.seconds)
        for shard in shards {
            let totals = shard.rates(seconds: now / 1_000_000)
            rates.callsPerSecond += Double(totals.calls) / window
            rates.errorsPerSecond += Double(totals.errors) / window
        }
        return rates
    }

    /// Whole seconds since the metrics, and with them the gateway, came up.
    package var uptimeSeconds: UInt64 { MonotonicTime.now.nanoseconds(since: started) / 1_000_000_000 }

    /// What was counted of each tool, the most called first.
    package func toolStatistics() -> [ToolStatistics] { ToolStatistics.collected(merged()) }

    /// The whole page of `/metrics`.
    package func page() -> [UInt8] {
        var page = Exposition()
        callMetrics.write(to: &page)
        let parts = memory.withLock { $0 }?() ?? []
        ProcessReadings.now().write(
            to: &page, version: version, uptimeSeconds: uptimeSeconds, parts: parts)
        var seen: Set<String> = []
        for family in families.withLock({ $0 }) where seen.insert(family.name).inserted {
            page.family(family.name, family.kind, family.help)
            for sample in family.read() { page.sample(family.name, sample.labels, sample.value) }
        }
        return page.bytes
    }

    /// What a scrape would show, as values: without the OpenTelemetry names for the same, and histograms by
    /// server.
    package func readings() -> [MetricReading] {
        let process = ProcessReadings.now()
        var readings = [
            MetricReading(
                "attune_memory_bytes", [("component", "process_resident")],
                .gauge(Double(process.residentBytes))),
            MetricReading(
                "process_cpu_seconds_total", [], .counter(process.processorSeconds, fromZero: true)),
        ]
        for part in memory.withLock({ $0 })?() ?? [] {
            readings.append(
                MetricReading(
                    "attune_memory_bytes", [("component", part.component)], .gauge(Double(part.bytes))))
        }
        var seen: Set<String> = []
        for family in families.withLock({ $0 }) where seen.insert(family.name).inserted {
            for sample in family.read() {
                let value: MetricReading.Value =
                    family.kind == .gauge
                    ? .gauge(sample.value) : .counter(sample.value, fromZero: false)
                readings.append(MetricReading(family.name, sample.labels, value))
            }
        }
        return readings + callMetrics.readings
    }

    private var callMetrics: CallMetrics {
        let errors = faults.withLock { faults in
            Dictionary(uniqueKeysWithValues: faults.map { ([$0.key.server, $0.key.kind], $0.value) })
        }
        return CallMetrics(series: merged(), faults: errors)
    }

    private func merged() -> [SeriesKey: MetricShard.Series] {
        var all: [SeriesKey: MetricShard.Series] = [:]
        for shard in shards {
            for (key, series) in shard.snapshot() { all[key, default: MetricShard.Series()].add(series) }
        }
        return all
    }
}
