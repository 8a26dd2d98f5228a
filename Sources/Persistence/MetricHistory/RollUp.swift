import Storage

/// Makes frames of minutes out of those of seconds, and of hours out of those of minutes.
///
/// A frame is made of what the store has of the finer ones, and of nothing else, so it comes out the same
/// however often it is made: a process that is killed at any moment leaves no second counted twice or left
/// out, of those that were written.
struct RollUp {
    /// Frames that are made at a time, so that what a long pause left is caught up with in steps.
    private static let mostAtOnce = 120

    let resolution: MetricResolution
    /// The start of the next frame to be made.
    private(set) var next: UInt64 = 0

    /// - Throws: as the store's cursors.
    init(_ resolution: MetricResolution, _ reader: any OrderedReader) throws(StorageError) {
        self.resolution = resolution
        if let last = try Self.time(resolution, .backward, reader) {
            next = last + resolution.seconds
        } else if let finer = resolution.finer, let first = try Self.time(finer, .forward, reader) {
            next = resolution.frame(of: first)
        }
    }

    /// Sees to it that a second which is written, by a clock that was set back, is in a frame again.
    mutating func note(_ second: UInt64) {
        let frame = resolution.frame(of: second)
        if next == 0 || frame < next { next = frame }
    }

    /// Adds the frames that are over at a time, or as many as are made at once, to a batch.
    mutating func make(
        upTo now: UInt64, _ reader: any OrderedReader, _ batch: inout WriteBatch
    ) throws(StorageError) {
        guard next > 0, let finer = resolution.finer else { return }
        for _ in 0..<Self.mostAtOnce {
            guard next + resolution.seconds <= now else { return }
            let range = MetricKey.frames(finer, from: next, upTo: next + resolution.seconds)
            if let frame = try Self.merged(range, reader) {
                batch.put(frame.bytes, for: MetricKey.frame(resolution, next), in: MetricArchive.family)
                next += resolution.seconds
            } else {
                // On to where there is something, over what may be a long time.
                let rest = MetricKey.frames(finer, from: next)
                let found = try reader.entries(in: rest, of: MetricArchive.family, limit: 1).first
                guard let time = found.flatMap({ MetricKey.time($0.key) }) else { return }
                next = resolution.frame(of: time)
            }
        }
    }

    private static func merged(
        _ range: KeyRange, _ reader: any OrderedReader
    ) throws(StorageError) -> MetricFrame? {
        var series: [UInt32: [MetricFrame.Slot]] = [:]
        var isEmpty = true
        let cursor = try reader.cursor(over: range, in: MetricArchive.family, .forward)
        while let entry = try cursor.next() {
            guard let frame = MetricFrame(entry.value) else { continue }
            isEmpty = false
            for (id, slots) in frame.series where series.count < MetricFrame.mostSeries || series[id] != nil {
                for slot in slots {
                    if series[id] == nil {
                        series[id] = [MetricFrame.Slot(0, slot.point)]
                    } else {
                        series[id]?[0].point.add(later: slot.point)
                    }
                }
            }
        }
        return isEmpty ? nil : MetricFrame(slots: 1, series: series)
    }

    /// The start of the first or the last frame.
    static func time(
        _ resolution: MetricResolution, _ direction: Direction, _ reader: any OrderedReader
    ) throws(StorageError) -> UInt64? {
        let range = MetricKey.frames(resolution)
        let entry = try reader.entries(in: range, of: MetricArchive.family, direction, limit: 1).first
        return entry.flatMap { MetricKey.time($0.key) }
    }
}
