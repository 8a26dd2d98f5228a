extension MetricFrame {
    /// None from bytes that no frame is written as.
    ///
    /// - Parameter wanted: the series that are read; all without it.
    package init?(_ bytes: [UInt8], wanted: Set<UInt32>? = nil) {
        var reader = PackedReader(bytes)
        guard reader.number() == Self.version, let slots = reader.number(atMost: Self.mostSlots), slots > 0,
            let count = reader.number(atMost: Self.mostSeries)
        else { return nil }
        var series: [UInt32: [Slot]] = [:]
        var id: UInt64 = 0
        for at in 0..<count {
            guard let step = reader.number(), at == 0 || step > 0 else { return nil }
            let (next, overflows) = id.addingReportingOverflow(step)
            guard !overflows, let known = UInt32(exactly: next),
                let points = Self.points(slots, &reader)
            else { return nil }
            id = next
            if wanted?.contains(known) ?? true { series[known] = points }
        }
        guard reader.isAtEnd else { return nil }
        self.init(slots: slots, series: series)
    }

    private static func points(_ slots: Int, _ reader: inout PackedReader) -> [Slot]? {
        guard let form = reader.byte().flatMap(Form.init) else { return nil }
        var value = 0.0
        if form == .constant {
            guard let constant = reader.value(after: &value) else { return nil }
            return (0..<slots).map { Slot($0, .values(ValueSummary(constant))) }
        }
        guard let count = reader.number(atMost: slots), count > 0 else { return nil }
        var points: [Slot] = []
        var slot = 0
        for at in 0..<count {
            guard let step = reader.number(atMost: slots), at == 0 || step > 0, slot + step < slots else {
                return nil
            }
            slot += step
            guard let point = point(form, &value, &reader) else { return nil }
            points.append(Slot(slot, point))
        }
        return points
    }

    private static func point(
        _ form: Form, _ value: inout Double, _ reader: inout PackedReader
    ) -> MetricPoint? {
        switch form {
        case .single, .constant: return reader.value(after: &value).map { .values(ValueSummary($0)) }
        case .buckets: return buckets(&reader).map(MetricPoint.durations)
        case .summary:
            guard let count = reader.number(), count > 0, let least = reader.value(after: &value),
                let greatest = reader.value(after: &value), let last = reader.value(after: &value),
                let sum = reader.value(after: &value)
            else { return nil }
            return .values(
                ValueSummary(count: count, sum: sum, least: least, greatest: greatest, last: last))
        }
    }

    private static func buckets(_ reader: inout PackedReader) -> BucketCounts? {
        guard let sum = reader.number(), let filled = reader.number(atMost: MetricSeries.mostBounds + 1)
        else { return nil }
        var counts: [UInt64] = []
        for at in 0..<filled {
            guard let step = reader.number(atMost: MetricSeries.mostBounds), at == 0 || step > 0,
                let count = reader.number(), count > 0
            else { return nil }
            let skipped = at == 0 ? step : step - 1
            guard counts.count + skipped <= MetricSeries.mostBounds else { return nil }
            counts += Array(repeating: 0, count: skipped) + [count]
        }
        return BucketCounts(counts, sumMicroseconds: sum)
    }
}
