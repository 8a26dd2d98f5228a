/// Keeps the longest window of the latest values whose mean does not seem to have changed: ADWIN.
///
/// Of each way to cut the window in two, the older part is dropped if the means differ by more than
/// `sqrt(2 / m * v * ln(2 / d)) + 2 / (3 m) * ln(2 / d)`, `m` the harmonic mean of both lengths, `v` the
/// variance of the window, `d = delta / ln(length)` (Bifet, Gavaldà: "Learning from time-changing data with
/// adaptive windowing", SDM 2007, section 4, ADWIN2). While the mean stays, a check drops something with a
/// probability of at most `delta`; a change of the mean by `e` is told after `O(v / e^2 * ln(1 / delta))`
/// values. Old values are kept in buckets of a power of two, at most six of each size.
///
/// Memory: 24 bytes a bucket, at most 6 buckets of each of 32 sizes: 4.6 kB.
package struct AdaptiveWindow: Sendable, Equatable {
    /// Values of a power of two that came in a row.
    struct Bucket: Sendable, Equatable {
        var sum: Double
        /// The sum of the squared distances from the mean of the bucket.
        var squares: Double
    }

    package enum Change: String, Sendable { case rise, fall }

    static let perSize = 5
    static let sizes = 32
    /// Cuts are tried whenever as many values came.
    static let period: UInt64 = 32
    private static let fewestValues = 10.0
    private static let shortestPart = 5.0

    private let delta: Double
    /// By size, the newest of each size first.
    var buckets: [[Bucket]] = [[]]
    /// Values in the window.
    package private(set) var count: UInt64 = 0
    private var sum = 0.0
    private var squares = 0.0
    /// Values since cuts were tried.
    private var waiting: UInt64 = 0

    /// - Parameter delta: the probability that a check tells a change that was none; from 0 to 1.
    package init(delta: Double = 0.002) { self.delta = delta }

    /// The mean of the window; 0 without values.
    package var mean: Double { count > 0 ? sum / Double(count) : 0 }
    package var variance: Double { count > 0 ? max(0, squares) / Double(count) : 0 }

    package var memoryBytes: Int {
        buckets.reduce(0) { $0 + 16 * $1.count + 32 } + MemoryLayout<AdaptiveWindow>.size
    }

    /// Takes a value between 0 and 1, and tells whether the mean has changed; what is no number is passed
    /// over.
    ///
    /// - Complexity: 30 ns on average, and 1 us where cuts are tried, at every 32nd value.
    package mutating func insert(_ value: Double) -> Change? {
        guard value == value else { return nil }
        let value = min(max(value, 0), 1)
        if count > 0 {
            let distance = value - mean
            squares += distance * distance * Double(count) / Double(count + 1)
        }
        sum += value
        count += 1
        buckets[0].insert(Bucket(sum: value, squares: 0), at: 0)
        compress()
        waiting += 1
        guard waiting >= Self.period else { return nil }
        waiting = 0
        return shrink()
    }

    /// Joins the two oldest buckets of each size that has too many.
    private mutating func compress() {
        for size in buckets.indices where buckets[size].count > Self.perSize {
            if size + 1 == buckets.count {
                // Beyond 2^31 values in a bucket the oldest are forgotten.
                guard buckets.count < Self.sizes else { return dropOldest() }
                buckets.append([])
            }
            let older = buckets[size].removeLast()
            let newer = buckets[size].removeLast()
            let length = Double(UInt64(1) << UInt64(size))
            let distance = (older.sum - newer.sum) / length
            buckets[size + 1].insert(
                Bucket(
                    sum: older.sum + newer.sum,
                    squares: older.squares + newer.squares + distance * distance * length / 2), at: 0)
        }
    }

    /// Drops the oldest buckets for as long as a cut tells a change.
    private mutating func shrink() -> Change? {
        var change: Change?
        while count > 0, Double(count) >= Self.fewestValues, let found = firstCut() {
            change = found
            dropOldest()
        }
        return change
    }

    /// What the first cut that tells a change says, from the oldest values on.
    private func firstCut() -> Change? {
        let total = Double(count)
        let logarithm = Double(Transcendental.logarithm(Float(total)))
        let doubt = Double(Transcendental.logarithm(Float(2 * max(logarithm, 1) / delta)))
        let spread = 2 * variance * doubt
        var (length, older) = (0.0, 0.0)
        for size in buckets.indices.reversed() {
            let step = Double(UInt64(1) << UInt64(size))
            for bucket in buckets[size].reversed() {
                length += step
                older += bucket.sum
                let rest = total - length
                guard rest >= Self.shortestPart else { return nil }
                guard length >= Self.shortestPart else { continue }
                let inverse = 1 / length + 1 / rest
                let bound = (spread * inverse).squareRoot() + 2 / 3 * doubt * inverse
                let difference = (sum - older) / rest - older / length
                if difference.magnitude > bound { return difference > 0 ? .rise : .fall }
            }
        }
        return nil
    }

    private mutating func dropOldest() {
        guard let size = buckets.lastIndex(where: { !$0.isEmpty }) else { return }
        let bucket = buckets[size].removeLast()
        let length = UInt64(1) << UInt64(size)
        count = count > length ? count - length : 0
        sum = count > 0 ? sum - bucket.sum : 0
        if count > 0 {
            let distance = bucket.sum / Double(length) - sum / Double(count)
            let (old, rest) = (Double(length), Double(count))
            squares = max(0, squares - bucket.squares - distance * distance * old * rest / (old + rest))
        } else {
            squares = 0
        }
        while buckets.count > 1, buckets.last?.isEmpty == true { buckets.removeLast() }
    }
}

extension AdaptiveWindow {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(waiting)
        encoder.write(sum)
        encoder.write(squares)
        encoder.write(UInt64(buckets.count))
        for row in buckets {
            encoder.write(UInt64(row.count))
            for bucket in row {
                encoder.write(bucket.sum)
                encoder.write(bucket.squares)
            }
        }
    }

    /// Reads a window; nil from bytes that none wrote.
    package init?(delta: Double = 0.002, restoring decoder: inout ByteDecoder) {
        self.init(delta: delta)
        guard let waiting = decoder.integer(upTo: Self.period - 1), let sum = decoder.double(),
            let squares = decoder.double(), let rows = decoder.integer(upTo: UInt64(Self.sizes)), rows > 0
        else { return nil }
        buckets = []
        for size in 0..<Int(rows) {
            guard let held = decoder.integer(upTo: UInt64(Self.perSize)) else { return nil }
            let length = Double(UInt64(1) << UInt64(size))
            var row: [Bucket] = []
            for _ in 0..<held {
                guard let sum = decoder.double(), let squares = decoder.double(),
                    (0...length).contains(sum), (0...length).contains(squares)
                else { return nil }
                row.append(Bucket(sum: sum, squares: squares))
            }
            buckets.append(row)
            count += held << UInt64(size)
        }
        guard (0...Double(count)).contains(sum), (0...Double(count)).contains(squares) else { return nil }
        (self.waiting, self.sum, self.squares) = (waiting, sum, squares)
    }
}
