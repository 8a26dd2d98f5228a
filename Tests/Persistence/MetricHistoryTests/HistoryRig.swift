import Storage
import Synchronization
import Telemetry

@testable import MetricHistory

/// A history over a store in memory, whose clock and metrics are those of a test.
final class HistoryRig: Sendable {
    let disk: MemoryDisk
    private let readings = Mutex<[MetricReading]>([])
    private let calls = Mutex<UInt64>(0)

    init(_ disk: MemoryDisk = MemoryDisk()) { self.disk = disk }

    func open() throws(StorageError) -> MemoryStore {
        try MemoryStore(disk, families: [MetricArchive.family])
    }

    /// A process: a history whose counters begin at 0.
    func history(_ store: any OrderedStore, bytesLimit: Int = 1 << 30, bytes: Int = 0) -> MetricArchive {
        calls.withLock { $0 = 0 }
        return MetricArchive(
            store, bytesLimit: bytesLimit, readings: { [self] in readings.withLock { $0 } }, bytes: { bytes })
    }

    /// So many calls since the second before, each of a millisecond, and a gauge.
    func read(calls new: UInt64, gauge: Double = 0) {
        let total = calls.withLock { calls in
            calls += new
            return calls
        }
        let histogram = Histogram(
            bounds: HistogramBounds.duration, counts: [0, 0, 0, total], sumMicroseconds: total * 900)
        readings.withLock {
            $0 = [
                MetricReading("calls", [("server", "a")], .counter(Double(total), fromZero: true)),
                MetricReading("open", [], .gauge(gauge)),
                MetricReading("latency", [], .histogram(histogram)),
            ]
        }
    }

    func set(_ values: [MetricReading]) { readings.withLock { $0 = values } }
}

extension MetricArchive {
    func steps(
        _ name: String, from start: UInt64, to end: UInt64, step: UInt64
    ) throws -> [MetricTrack.Step] {
        guard let query = MetricQuery(name, start: start, end: end, step: step) else { return [] }
        return try answer(query).tracks.first?.steps ?? []
    }

    /// What a counter grew by in a time.
    func growth(_ name: String, from start: UInt64, to end: UInt64, step: UInt64) throws -> Double {
        try steps(name, from: start, to: end, step: step).reduce(0) { sum, step in
            guard case .values(let values)? = step.point else { return sum }
            return sum + values.sum
        }
    }
}
