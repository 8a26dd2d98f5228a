/// Counts of durations by bucket, with upper bounds in microseconds.
package struct Histogram: Sendable {
    /// Upper bounds, inclusive, ascending; a last bucket takes what is above them.
    package let bounds: [UInt64]
    package private(set) var counts: [UInt64]
    package private(set) var sumMicroseconds: UInt64 = 0

    package init(bounds: [UInt64]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// - Parameter counts: of the buckets in order; what is missing at the end is 0.
    package init(bounds: [UInt64], counts: [UInt64], sumMicroseconds: UInt64) {
        self.init(bounds: bounds)
        for (bucket, count) in counts.prefix(self.counts.count).enumerated() { self.counts[bucket] = count }
        self.sumMicroseconds = sumMicroseconds
    }

    package var count: UInt64 { counts.reduce(0, &+) }

    /// - Complexity: one comparison a bucket below the duration.
    package mutating func record(_ microseconds: UInt64) {
        var bucket = 0
        while bucket < bounds.count, bounds[bucket] < microseconds { bucket += 1 }
        counts[bucket] &+= 1
        sumMicroseconds &+= microseconds
    }

    /// Adds the counts of a histogram of the same bounds.
    package mutating func add(_ other: Histogram) {
        precondition(bounds == other.bounds, "histograms of different bounds cannot be added")
        for bucket in counts.indices { counts[bucket] &+= other.counts[bucket] }
        sumMicroseconds &+= other.sumMicroseconds
    }

    /// The number of durations at or below a bound.
    package func cumulative(upTo bound: UInt64) -> UInt64 {
        var total: UInt64 = 0
        for (index, upper) in bounds.enumerated() where upper <= bound { total &+= counts[index] }
        return total
    }

    /// An estimate of the quantile `q` in microseconds, linear within its bucket; nil without data. In the
    /// last bucket it is the largest bound.
    ///
    /// - Parameter q: from 0 to 1.
    package func quantile(_ q: Double) -> UInt64? {
        let total = count
        guard total > 0 else { return nil }
        let rank = max(1, Double(total) * min(1, max(0, q)))
        var below: UInt64 = 0
        for (index, upper) in bounds.enumerated() {
            let inside = counts[index]
            if inside > 0, Double(below &+ inside) >= rank {
                let lower = index == 0 ? 0 : bounds[index - 1]
                let share = (rank - Double(below)) / Double(inside)
                return lower + UInt64(Double(upper - lower) * share)
            }
            below &+= inside
        }
        return bounds.last
    }
}
