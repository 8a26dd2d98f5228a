import Storage

/// Reads a history as it is at a moment: what the store has, and what is not written yet.
struct HistoryReader {
    private struct Part {
        var resolution: MetricResolution
        var start: UInt64
        var end: UInt64
    }

    /// Points of all series that are held at once while they are summed.
    static let mostPoints = 32_768

    private let reader: any OrderedReader
    private let unwritten: [SampledFrame]

    init(_ reader: any OrderedReader, unwritten: [SampledFrame]) {
        self.reader = reader
        self.unwritten = unwritten
    }

    /// All series that are kept, and those that are seen for the first time, by name and labels.
    func series() throws(StorageError) -> [(series: MetricSeries, id: UInt32?)] {
        let stored = try SeriesCatalog(reader).series
        var all = stored.map { (series: $0.key, id: UInt32?.some($0.value.id)) }
        var fresh: Set<MetricSeries> = []
        for frame in unwritten {
            for name in frame.series.keys where stored[name] == nil { fresh.insert(name) }
        }
        all += fresh.map { (series: $0, id: nil) }
        return all.sorted { Self.order($0.series).lexicographicallyPrecedes(Self.order($1.series)) }
    }

    func answer(_ query: MetricQuery) throws(StorageError) -> MetricAnswer {
        let matching = try series().filter {
            $0.series.name == query.name && $0.series.matches(query.labels)
        }
        guard query.isSummed else {
            let chosen = matching.dropFirst(query.skipped).prefix(query.limit)
            return MetricAnswer(
                tracks: try tracks(query, chosen), hasMore: matching.count > query.skipped + chosen.count)
        }
        var sum: MetricTrack?
        for piece in query.pieces(ofSteps: max(1, Self.mostPoints / max(1, matching.count))) {
            guard let found = try tracks(piece, matching[...]).first else { continue }
            sum = MetricTrack(series: found.series, steps: (sum?.steps ?? []) + found.steps)
        }
        return MetricAnswer(tracks: sum.map { [$0] } ?? [], hasMore: false)
    }

    private func tracks(
        _ query: MetricQuery, _ chosen: ArraySlice<(series: MetricSeries, id: UInt32?)>
    ) throws(StorageError) -> [MetricTrack] {
        var tally = StepTally(query, chosen)
        let ids = tally.ids
        for part in try parts(query) {
            // A frame of seconds that began before may have some of these.
            let before = part.resolution == .second ? min(part.start, part.resolution.frameSeconds) : 0
            let range = MetricKey.frames(part.resolution, from: part.start - before, upTo: part.end)
            let cursor = try reader.cursor(over: range, in: MetricArchive.family, .forward)
            while let entry = try cursor.next() {
                guard let time = MetricKey.time(entry.key), let frame = MetricFrame(entry.value, wanted: ids)
                else { continue }
                tally.add(frame, at: time, part.resolution, from: part.start, upTo: part.end)
            }
        }
        for frame in unwritten { tally.add(frame) }
        return tally.tracks
    }

    /// Which resolution tells of which time: the one that fits the step, coarser ones for what it has no
    /// more, finer ones for what it has not yet. No second is in two of them.
    private func parts(_ query: MetricQuery) throws(StorageError) -> [Part] {
        var parts: [Part] = []
        var position = query.start
        func add(_ resolution: MetricResolution, upTo end: UInt64) {
            let end = min(end, query.end)
            guard end > position else { return }
            parts.append(Part(resolution: resolution, start: position, end: end))
            position = end
        }
        for resolution in MetricResolution.allCases.reversed() where resolution > query.resolution {
            guard let finer = resolution.finer, let end = try end(of: resolution) else { continue }
            let first = try RollUp.time(finer, .forward, reader) ?? end
            // Frames are deleted for whole coarser ones: from there on the finer ones have all there was.
            add(resolution, upTo: min(end, resolution.frame(of: first)))
        }
        for resolution in MetricResolution.allCases.reversed() where resolution <= query.resolution {
            if let end = try end(of: resolution) { add(resolution, upTo: end) }
        }
        return parts
    }

    /// The second behind the last frame.
    private func end(of resolution: MetricResolution) throws(StorageError) -> UInt64? {
        try RollUp.time(resolution, .backward, reader).map { $0 + resolution.frameSeconds }
    }

    private static func order(_ series: MetricSeries) -> [String] {
        [series.name] + series.labels.flatMap { [$0.name, $0.value] }
    }
}
