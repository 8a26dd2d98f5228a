extension MetricSeries {
    /// The series as the store has it: version 1, when it was last seen in days since 1970, kind, name,
    /// labels, and the bounds of a histogram, each less the one before.
    func bytes(lastSeenDay: UInt64) -> [UInt8] {
        var writer = PackedWriter()
        writer.append(1)
        writer.append(lastSeenDay)
        switch kind {
        case .gauge: writer.append(0)
        case .counter: writer.append(1)
        case .histogram: writer.append(2)
        }
        writer.append(name)
        writer.append(UInt64(labels.count))
        for label in labels {
            writer.append(label.name)
            writer.append(label.value)
        }
        if case .histogram(let bounds) = kind {
            writer.append(UInt64(bounds.count))
            var previous: UInt64 = 0
            for bound in bounds {
                writer.append(bound &- previous)
                previous = bound
            }
        }
        return writer.bytes
    }

    /// None from bytes that no series is written as.
    static func stored(_ bytes: [UInt8]) -> (series: MetricSeries, lastSeenDay: UInt64)? {
        var reader = PackedReader(bytes)
        guard reader.number() == 1, let day = reader.number(), let kind = reader.number(atMost: 2),
            let name = reader.text(atMost: mostTextBytes), let count = reader.number(atMost: mostLabels)
        else { return nil }
        var labels: [Label] = []
        for _ in 0..<count {
            guard let name = reader.text(atMost: mostTextBytes),
                let value = reader.text(atMost: mostTextBytes)
            else { return nil }
            labels.append(Label(name, value))
        }
        guard kind == 2 else {
            return reader.isAtEnd ? (MetricSeries(kind == 0 ? .gauge : .counter, name, labels), day) : nil
        }
        guard let count = reader.number(atMost: mostBounds) else { return nil }
        var bounds: [UInt64] = []
        for _ in 0..<count {
            guard let step = reader.number(), step > 0 else { return nil }
            let (bound, overflows) = (bounds.last ?? 0).addingReportingOverflow(step)
            guard !overflows else { return nil }
            bounds.append(bound)
        }
        return reader.isAtEnd ? (MetricSeries(.histogram(bounds: bounds), name, labels), day) : nil
    }
}
