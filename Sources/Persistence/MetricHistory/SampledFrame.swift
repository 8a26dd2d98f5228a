/// A frame of seconds that is not written yet: the series have no numbers.
struct SampledFrame {
    var start: UInt64
    var slots: Int
    var series: [MetricSeries: [MetricFrame.Slot]]

    /// The second behind it.
    var end: UInt64 { start + UInt64(slots) }

    init(start: UInt64) {
        self.start = start
        slots = 0
        series = [:]
    }

    /// Adds the points of a second of its window. A second that was measured before keeps what it has.
    mutating func add(_ points: [(MetricSeries, MetricPoint)], at second: UInt64) {
        let slot = Int(second - start)
        guard slot >= slots else { return }
        for (name, point) in points { series[name, default: []].append(MetricFrame.Slot(slot, point)) }
        slots = slot + 1
    }
}
