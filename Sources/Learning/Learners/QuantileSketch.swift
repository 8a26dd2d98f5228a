/// Estimates quantiles of a stream of whole numbers, such as latencies, in bounded memory; mergeable.
///
/// Every quantile is within 1 % of a value of the stream with that rank (Masson, Rim, Lee: "DDSketch: a fast
/// and fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019). Unlike the paper's, it
/// never collapses buckets: values from 1 to 2^40 need 1,400 of them. Values above count as 2^40; 0 is exact.
///
/// Memory: 8 bytes a bucket between the least and the greatest value, 11.2 kB at most; latencies between 1 ms
/// and 1 s take 2.8 kB.
package struct QuantileSketch: Sendable {
    package static let relativeError = 0.01
    package static let greatest: UInt64 = 1 << 40
    /// More values than any stream brings; merging and restoring keep below it.
    package static let mostValues: UInt64 = 1 << 62

    private static let buckets = LogarithmicBuckets(relativeError: relativeError)
    private static let bucketCount = buckets.bucket(of: Double(greatest)) + 1
    /// Buckets are added in steps, so that a growing range does not move them at each new value.
    private static let step = 32

    package private(set) var count: UInt64 = 0
    /// The least value; 0 without data.
    package private(set) var minimum: UInt64 = 0
    package private(set) var maximum: UInt64 = 0
    private var zeros: UInt64 = 0
    /// The bucket of `counts[0]`; a multiple of `step`.
    private var first = 0
    private var counts: [UInt64] = []

    package init() {}

    /// - Complexity: about 10 ns; a value outside the range so far moves up to 1,400 counts.
    package mutating func insert(_ value: UInt64) {
        let value = min(value, Self.greatest)
        minimum = count == 0 ? value : min(minimum, value)
        maximum = max(maximum, value)
        count += 1
        if value == 0 {
            zeros += 1
            return
        }
        let bucket = Self.buckets.bucket(of: Double(value))
        cover(bucket, bucket)
        counts[bucket - first] += 1
    }

    /// The value of which a share `q` of the stream, from 0 to 1, lies at or below; nil without data.
    ///
    /// - Complexity: one addition a bucket.
    package func quantile(_ q: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = UInt64(min(1, max(0, q)) * Double(count - 1))
        var below = zeros
        if rank < below { return 0 }
        for (offset, inside) in counts.enumerated() where inside > 0 {
            below += inside
            guard rank < below else { continue }
            let estimate = Self.buckets.value(of: first + offset)
            return min(Double(maximum), max(Double(minimum), estimate))
        }
        return Double(maximum)
    }

    /// Adds what another sketch has seen; the result is that of one sketch over both streams.
    package mutating func merge(_ other: QuantileSketch) {
        guard other.count > 0, count <= Self.mostValues - other.count else { return }
        minimum = count == 0 ? other.minimum : min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        count += other.count
        zeros += other.zeros
        guard !other.counts.isEmpty else { return }
        cover(other.first, other.first + other.counts.count - 1)
        for (offset, inside) in other.counts.enumerated() { counts[other.first + offset - first] += inside }
    }

    /// Adds what `theirs` has beyond `base`; the least and greatest value are those of both.
    ///
    /// - Complexity: one addition a bucket.
    package func merged(
        with theirs: QuantileSketch, beyond base: QuantileSketch, _ rule: LinearMerge
    ) -> QuantileSketch {
        var result = QuantileSketch()
        result.zeros = rule.count(zeros, theirs.zeros, beyond: base.zeros)
        result.count = result.zeros
        let sketches = [self, theirs, base].filter { !$0.counts.isEmpty }
        let low = sketches.map(\.first).min() ?? 0
        let high = sketches.map { $0.first + $0.counts.count }.max() ?? 0
        for bucket in low..<high {
            let inside = rule.count(self[bucket], theirs[bucket], beyond: base[bucket])
            guard inside > 0, result.count <= Self.mostValues - inside else { continue }
            result.cover(bucket, bucket)
            result.counts[bucket - result.first] += inside
            result.count += inside
        }
        guard result.count > 0 else { return result }
        let filled = [self, theirs].filter { $0.count > 0 }
        result.minimum = filled.map(\.minimum).min() ?? 0
        result.maximum = filled.map(\.maximum).max() ?? 0
        return result
    }

    private subscript(bucket: Int) -> UInt64 {
        let index = bucket - first
        return counts.indices.contains(index) ? counts[index] : 0
    }

    private mutating func cover(_ low: Int, _ high: Int) {
        if counts.isEmpty { first = low / Self.step * Self.step }
        if low < first {
            let start = low / Self.step * Self.step
            counts.insert(contentsOf: repeatElement(0, count: first - start), at: 0)
            first = start
        }
        let missing = high - first + 1 - counts.count
        if missing > 0 {
            let added = (missing + Self.step - 1) / Self.step * Self.step
            counts.append(contentsOf: repeatElement(0, count: added))
        }
    }
}

extension QuantileSketch {
    /// Writes the least and greatest value, the zeros, and each bucket that is not empty with its distance
    /// from the one before.
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(minimum)
        encoder.write(maximum)
        encoder.write(zeros)
        encoder.write(UInt64(counts.count { $0 > 0 }))
        var before = 0
        for (offset, inside) in counts.enumerated() where inside > 0 {
            encoder.write(UInt64(first + offset - before))
            encoder.write(inside)
            before = first + offset
        }
    }

    /// Reads a sketch; nil from bytes that no sketch wrote.
    package init?(restoring decoder: inout ByteDecoder) {
        let most = UInt64(Self.bucketCount)
        guard let minimum = decoder.integer(upTo: Self.greatest),
            let maximum = decoder.integer(upTo: Self.greatest), minimum <= maximum,
            let zeros = decoder.integer(upTo: Self.mostValues),
            let filled = decoder.integer(upTo: most)
        else { return nil }
        var (count, bucket) = (zeros, 0)
        for index in 0..<filled {
            guard let distance = decoder.integer(upTo: most), let inside = decoder.integer(), inside > 0,
                index == 0 || distance > 0, inside <= Self.mostValues - count
            else { return nil }
            bucket += Int(distance)
            guard bucket < Self.bucketCount else { return nil }
            count += inside
            cover(bucket, bucket)
            counts[bucket - first] = inside
        }
        guard count > 0 || maximum == 0 else { return nil }
        self.count = count
        self.minimum = minimum
        self.maximum = maximum
        self.zeros = zeros
    }
}
