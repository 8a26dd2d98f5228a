import Storage

/// The numbers under which series are kept.
struct SeriesCatalog {
    /// Series that are kept at a time; those that come when it is full are not, until others are out of date.
    static let mostSeries = 1024
    private static let daySeconds: UInt64 = 86_400

    struct Known {
        var id: UInt32
        var lastSeenDay: UInt64
    }

    private(set) var series: [MetricSeries: Known] = [:]
    private var nextID: UInt32 = 1

    init() {}

    /// Reads what the store has; entries that aren't series are passed over.
    init(_ reader: any OrderedReader) throws(StorageError) {
        let cursor = try reader.cursor(
            over: MetricKey.allSeries, in: MetricArchive.family, .forward)
        while let entry = try cursor.next() {
            guard let id = MetricKey.id(entry.key) else { continue }
            nextID = max(nextID, id &+ 1)
            guard let (found, day) = MetricSeries.stored(entry.value), series.count < Self.mostSeries
            else { continue }
            series[found] = Known(id: id, lastSeenDay: day)
        }
    }

    /// The number of a series, which is new or seen again; nil if it is one too many.
    ///
    /// What changes is added to the batch.
    mutating func id(
        of found: MetricSeries, at second: UInt64, _ batch: inout WriteBatch
    ) -> UInt32? {
        let day = second / Self.daySeconds
        if var known = series[found] {
            if known.lastSeenDay != day {
                known.lastSeenDay = day
                series[found] = known
                put(found, known, &batch)
            }
            return known.id
        }
        guard series.count < Self.mostSeries, nextID < .max else { return nil }
        let known = Known(id: nextID, lastSeenDay: day)
        nextID += 1
        series[found] = known
        put(found, known, &batch)
        return known.id
    }

    /// Forgets the series of which nothing is kept any more.
    mutating func forget(before second: UInt64, _ batch: inout WriteBatch) {
        for (gone, known) in series where known.lastSeenDay < second / Self.daySeconds {
            series[gone] = nil
            batch.delete(MetricKey.series(known.id), in: MetricArchive.family)
        }
    }

    private func put(_ series: MetricSeries, _ known: Known, _ batch: inout WriteBatch) {
        batch.put(
            series.bytes(lastSeenDay: known.lastSeenDay), for: MetricKey.series(known.id),
            in: MetricArchive.family)
    }
}
