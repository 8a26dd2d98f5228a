extension MetricFrame {
    package var bytes: [UInt8] {
        var writer = PackedWriter()
        writer.append(Self.version)
        writer.append(UInt64(slots))
        writer.append(UInt64(series.count))
        var previous: UInt32 = 0
        for (id, points) in series.sorted(by: { $0.key < $1.key }) {
            writer.append(UInt64(id &- previous))
            previous = id
            write(points, to: &writer)
        }
        return writer.bytes
    }

    private func write(_ points: [Slot], to writer: inout PackedWriter) {
        let form = form(of: points)
        writer.append(byte: form.rawValue)
        var value = 0.0
        if form == .constant {
            if case .values(let summary)? = points.first?.point { writer.append(summary.last, after: &value) }
            return
        }
        writer.append(UInt64(points.count))
        var slot = 0
        for point in points {
            writer.append(UInt64(point.slot - slot))
            slot = point.slot
            switch point.point {
            case .values(let summary) where form == .single: writer.append(summary.last, after: &value)
            case .values(let summary):
                writer.append(summary.count)
                writer.append(summary.least, after: &value)
                writer.append(summary.greatest, after: &value)
                writer.append(summary.last, after: &value)
                writer.append(summary.sum, after: &value)
            case .durations(let buckets): Self.write(buckets, to: &writer)
            }
        }
    }

    private static func write(_ buckets: BucketCounts, to writer: inout PackedWriter) {
        writer.append(buckets.sumMicroseconds)
        writer.append(UInt64(buckets.counts.count { $0 != 0 }))
        var previous = 0
        for (bucket, count) in buckets.counts.enumerated() where count != 0 {
            writer.append(UInt64(bucket - previous))
            writer.append(count)
            previous = bucket
        }
    }

    private func form(of points: [Slot]) -> Form {
        var isConstant = points.count == slots
        var first: Double?
        for point in points {
            guard case .values(let summary) = point.point else { return .buckets }
            guard summary == ValueSummary(summary.last) else { return .summary }
            if first == nil { first = summary.last }
            if summary.last.bitPattern != first?.bitPattern { isConstant = false }
        }
        return isConstant ? .constant : .single
    }
}
