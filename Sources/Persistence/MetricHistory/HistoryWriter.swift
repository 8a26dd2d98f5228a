import Storage
import Telemetry

/// Writes samples to a store: frames of ten seconds, and out of them those of minutes and hours.
///
/// A value type that is told the time; what could not be written is written again, with what came since, as
/// far as `mostPending` goes.
struct HistoryWriter {
    /// Frames of ten seconds that wait for the store; then the oldest go.
    static let mostPending = 30
    private static let sweepSeconds: UInt64 = 600

    private struct Loaded {
        var catalog: SeriesCatalog
        var rollUps: [RollUp]
    }

    private let store: any OrderedStore
    private let bytesLimit: Int
    private var sampler = MetricSampler()
    private var current: SampledFrame?
    private(set) var pending: [SampledFrame] = []
    private var loaded: Loaded?
    private var nextSweep: UInt64 = 0
    private(set) var droppedFrames: UInt64 = 0

    /// - Parameter bytesLimit: of the column family on disk.
    init(_ store: any OrderedStore, bytesLimit: Int) {
        self.store = store
        self.bytesLimit = bytesLimit
    }

    /// What is not written yet.
    var unwritten: [SampledFrame] { pending + (current.map { [$0] } ?? []) }

    /// Takes a sample, and writes what is full.
    ///
    /// - Parameters:
    ///   - second: since 1970.
    ///   - bytes: what the history takes on disk.
    mutating func take(
        _ readings: [MetricReading], at second: UInt64, bytes: () -> Int
    ) throws(StorageError) {
        let window = MetricResolution.second.frame(of: second)
        if let full = current, MetricResolution.second.frame(of: full.start) != window || second < full.start
        {
            queue(full)
            current = nil
        }
        var frame = current ?? SampledFrame(start: second)
        frame.add(sampler.points(readings), at: second)
        current = frame
        if !pending.isEmpty { try flush(second, bytes) }
    }

    /// Writes all that was taken.
    mutating func end(at second: UInt64) throws(StorageError) {
        if let last = current { queue(last) }
        current = nil
        try flush(second) { 0 }
    }

    private mutating func queue(_ frame: SampledFrame) {
        pending.append(frame)
        if pending.count > Self.mostPending {
            pending.removeFirst()
            droppedFrames += 1
        }
    }

    private mutating func flush(_ now: UInt64, _ bytes: () -> Int) throws(StorageError) {
        var loaded = try load()
        // What was numbered and not written, as after a failure, is numbered anew from what the store has.
        self.loaded = nil
        try write(&loaded)
        pending.removeAll()
        try rollUp(&loaded, now)
        if now >= nextSweep {
            nextSweep = now + Self.sweepSeconds
            try sweep(&loaded, now, bytes())
        }
        self.loaded = loaded
    }

    private func load() throws(StorageError) -> Loaded {
        if let loaded { return loaded }
        let rollUps = [try RollUp(.minute, store), try RollUp(.hour, store)]
        return Loaded(catalog: try SeriesCatalog(store), rollUps: rollUps)
    }

    private func write(_ loaded: inout Loaded) throws(StorageError) {
        var batch = WriteBatch()
        for frame in pending {
            var series: [UInt32: [MetricFrame.Slot]] = [:]
            for (name, points) in frame.series {
                guard let id = loaded.catalog.id(of: name, at: frame.start, &batch) else { continue }
                series[id] = points
            }
            let made = MetricFrame(slots: frame.slots, series: series)
            batch.put(made.bytes, for: MetricKey.frame(.second, frame.start), in: MetricArchive.family)
            for at in loaded.rollUps.indices { loaded.rollUps[at].note(frame.start) }
        }
        try put(batch)
    }

    private func put(_ batch: WriteBatch) throws(StorageError) {
        guard !batch.isEmpty else { return }
        try Failpoint.metricsWriting.reach()
        try store.write(batch, .relaxed)
        Failpoint.metricsWritten.pass()
    }

    private func rollUp(_ loaded: inout Loaded, _ now: UInt64) throws(StorageError) {
        // Hours are made of minutes that are all there.
        var end = now
        for at in loaded.rollUps.indices {
            var batch = WriteBatch()
            try loaded.rollUps[at].make(upTo: end, store, &batch)
            try put(batch)
            end = min(end, loaded.rollUps[at].next)
        }
    }

    /// Deletes what is older than its retention, which is shorter by as much as the history is too large.
    private func sweep(_ loaded: inout Loaded, _ now: UInt64, _ bytes: Int) throws(StorageError) {
        let share = bytes > bytesLimit && bytesLimit > 0 ? Double(bytesLimit) / Double(bytes) : 1
        var batch = WriteBatch()
        for resolution in MetricResolution.allCases {
            let kept = UInt64(Double(resolution.retention) * share)
            guard now > kept else { continue }
            let end = (resolution.coarser ?? resolution).frame(of: now - kept)
            let range = MetricKey.frames(resolution, upTo: end)
            guard try !store.entries(in: range, of: MetricArchive.family, limit: 1).isEmpty else { continue }
            batch.delete(range, in: MetricArchive.family)
        }
        let oldest = MetricResolution.hour.retention
        if now > oldest { loaded.catalog.forget(before: now - oldest, &batch) }
        try put(batch)
    }
}
