/// What a run of one contender came to.
struct Outcome {
    let writesPerSecond: Double
    /// What a writer waited for one write, in microseconds.
    let median: Double
    let ninetyNinth: Double
    /// Processor time of the whole process for a write, in microseconds, with opening and closing.
    var processor = 0.0

    let writes: Int

    init(nanoseconds spent: UInt64, each: [UInt64]) {
        let sorted = each.sorted()
        writes = each.count
        writesPerSecond = Double(each.count) * 1e9 / Double(max(1, spent))
        median = Double(sorted[sorted.count / 2]) / 1000
        ninetyNinth = Double(sorted[sorted.count * 99 / 100]) / 1000
    }
}
