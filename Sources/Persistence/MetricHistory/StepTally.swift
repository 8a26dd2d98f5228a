/// Gathers frames into the steps of a query.
struct StepTally {
    private let query: MetricQuery
    private let names: [MetricSeries]
    private var places: [UInt32: Int] = [:]
    private var placesByName: [MetricSeries: Int] = [:]
    /// By series and step.
    private var points: [[MetricPoint?]]
    private var covered: [UInt64]

    init(_ query: MetricQuery, _ chosen: ArraySlice<(series: MetricSeries, id: UInt32?)>) {
        self.query = query
        names = chosen.map(\.series)
        for (place, found) in chosen.enumerated() {
            placesByName[found.series] = place
            if let id = found.id { places[id] = place }
        }
        let steps = Int((query.end - query.start + query.step - 1) / query.step)
        points = Array(repeating: Array(repeating: nil, count: steps), count: names.count)
        covered = Array(repeating: 0, count: steps)
    }

    var ids: Set<UInt32> { Set(places.keys) }

    /// - Parameters: the seconds of the query that the frame's resolution is to tell of.
    mutating func add(
        _ frame: MetricFrame, at time: UInt64, _ resolution: MetricResolution, from start: UInt64,
        upTo end: UInt64
    ) {
        let inside: (Int) -> Int? = { [query] slot in
            let second = time + UInt64(slot) * resolution.seconds
            guard second >= start, second < end else { return nil }
            return Int((second - query.start) / query.step)
        }
        for slot in 0..<frame.slots {
            if let step = inside(slot) { covered[step] += resolution.seconds }
        }
        for (id, slots) in frame.series {
            guard let place = places[id] else { continue }
            for slot in slots { if let step = inside(slot.slot) { add(slot.point, place, step) } }
        }
    }

    /// Adds what is not written yet.
    mutating func add(_ frame: SampledFrame) {
        let inside: (Int) -> Int? = { [query] slot in
            let second = frame.start + UInt64(slot)
            guard second >= query.start, second < query.end else { return nil }
            return Int((second - query.start) / query.step)
        }
        for slot in 0..<frame.slots { if let step = inside(slot) { covered[step] += 1 } }
        for (name, slots) in frame.series {
            guard let place = placesByName[name] else { continue }
            for slot in slots { if let step = inside(slot.slot) { add(slot.point, place, step) } }
        }
    }

    private mutating func add(_ point: MetricPoint, _ place: Int, _ step: Int) {
        if points[place][step] == nil {
            points[place][step] = point
        } else {
            points[place][step]?.add(later: point)
        }
    }

    var tracks: [MetricTrack] {
        if query.isSummed { return summed.map { [$0] } ?? [] }
        return names.indices.map { track(names[$0], points[$0]) }
    }

    private func track(_ series: MetricSeries, _ points: [MetricPoint?]) -> MetricTrack {
        let steps = points.indices.filter { covered[$0] > 0 }.map {
            MetricTrack.Step(
                start: query.start + UInt64($0) * query.step, covered: covered[$0], point: points[$0])
        }
        return MetricTrack(series: series, steps: steps)
    }

    /// All series as one: counts add up; of gauges, means and last values do, and least and greatest are
    /// bounds.
    private var summed: MetricTrack? {
        guard var first = names.first, names.allSatisfy({ $0.kind == first.kind }) else { return nil }
        first.labels = query.labels
        var all: [MetricPoint?] = Array(repeating: nil, count: covered.count)
        for points in points {
            for (step, point) in points.enumerated() {
                guard let point else { continue }
                all[step] = all[step].map { $0.beside(point, isGauge: first.kind == .gauge) } ?? point
            }
        }
        return track(first, all)
    }
}

extension MetricPoint {
    /// Two series of the same time as one.
    fileprivate func beside(_ other: MetricPoint, isGauge: Bool) -> MetricPoint {
        guard case .values(let mine) = self, case .values(let theirs) = other else {
            var both = self
            both.add(later: other)
            return both
        }
        // A counter that stands still in a second has no point for it, so that seconds can't be told apart.
        let count = isGauge ? max(mine.count, theirs.count) : mine.count &+ theirs.count
        return .values(
            ValueSummary(
                count: count,
                sum: isGauge ? (mine.mean + theirs.mean) * Double(count) : mine.sum + theirs.sum,
                least: isGauge ? mine.least + theirs.least : min(mine.least, theirs.least),
                greatest: mine.greatest + theirs.greatest, last: mine.last + theirs.last))
    }
}
