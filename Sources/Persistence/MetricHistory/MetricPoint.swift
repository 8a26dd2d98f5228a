/// What is known of a series in a stretch of time: of a second, or of many together.
package enum MetricPoint: Equatable, Sendable {
    case values(ValueSummary)
    case durations(BucketCounts)

    /// Takes in what is known of a later stretch. Points of two kinds don't meet in a series.
    package mutating func add(later other: MetricPoint) {
        switch (self, other) {
        case (.values(var mine), .values(let theirs)):
            mine.add(later: theirs)
            self = .values(mine)
        case (.durations(var mine), .durations(let theirs)):
            mine.add(theirs)
            self = .durations(mine)
        default: break
        }
    }
}

/// The values of a gauge, or what a counter grew by, in the seconds of a stretch in which there is something.
package struct ValueSummary: Equatable, Sendable {
    /// Seconds.
    package var count: UInt64
    package var sum: Double
    package var least: Double
    package var greatest: Double
    package var last: Double

    package init(_ value: Double) {
        self.init(count: 1, sum: value, least: value, greatest: value, last: value)
    }

    init(count: UInt64, sum: Double, least: Double, greatest: Double, last: Double) {
        self.count = count
        self.sum = sum
        self.least = least
        self.greatest = greatest
        self.last = last
    }

    package var mean: Double { count == 0 ? 0 : sum / Double(count) }

    package mutating func add(later other: ValueSummary) {
        count &+= other.count
        sum += other.sum
        least = min(least, other.least)
        greatest = max(greatest, other.greatest)
        last = other.last
    }
}

/// What the buckets of a histogram grew by.
package struct BucketCounts: Equatable, Sendable {
    /// Without the zeros at its end.
    package var counts: [UInt64]
    package var sumMicroseconds: UInt64

    package init(_ counts: [UInt64], sumMicroseconds: UInt64) {
        self.counts = Array(counts[..<((counts.lastIndex { $0 != 0 } ?? -1) + 1)])
        self.sumMicroseconds = sumMicroseconds
    }

    package mutating func add(_ other: BucketCounts) {
        if counts.count < other.counts.count {
            counts += Array(repeating: 0, count: other.counts.count - counts.count)
        }
        for (bucket, count) in other.counts.enumerated() { counts[bucket] &+= count }
        sumMicroseconds &+= other.sumMicroseconds
    }
}
