/// Keeps mean and variance of a stream of numbers in three numbers, without the loss of digits that a sum of
/// squares has; mergeable.
///
/// `mean += (x - mean) / n`, `m2 += (x - old mean) * (x - mean)` (Welford, Technometrics 4(3), 1962); merged
/// as in Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm", COMPSTAT 1982, equation 2.1.
package struct RunningMoments: Sendable, Equatable {
    /// More values than any stream brings; merging and restoring keep below it.
    private static let mostValues: UInt64 = 1 << 62

    package private(set) var count: UInt64 = 0
    /// 0 without data.
    package private(set) var mean = 0.0
    /// The sum of the squared distances from the mean.
    private var m2 = 0.0

    package init() {}

    /// The unbiased estimate; 0 below two values.
    package var variance: Double { count < 2 ? 0 : m2 / Double(count - 1) }

    /// Takes a finite number.
    package mutating func insert(_ value: Double) {
        count += 1
        let distance = value - mean
        mean += distance / Double(count)
        m2 += distance * (value - mean)
    }

    package mutating func merge(_ other: RunningMoments) {
        guard other.count > 0, count <= Self.mostValues - other.count else { return }
        let total = Double(count) + Double(other.count)
        let distance = other.mean - mean
        m2 += other.m2 + distance * distance * Double(count) * Double(other.count) / total
        mean += distance * Double(other.count) / total
        count += other.count
    }

    /// Adds what `theirs` has beyond `base`: count, sum and sum of squares, all about this mean, are added.
    package func merged(
        with theirs: RunningMoments, beyond base: RunningMoments, _ rule: LinearMerge
    ) -> RunningMoments {
        var result = RunningMoments()
        result.count = min(rule.count(count, theirs.count, beyond: base.count), Self.mostValues)
        guard result.count > 0 else { return result }
        let (own, other, common) = (sums(about: mean), theirs.sums(about: mean), base.sums(about: mean))
        let sum = rule.number(own.sum, other.sum, beyond: common.sum) / Double(result.count)
        let squares = rule.number(own.squares, other.squares, beyond: common.squares)
        result.mean = mean + sum
        result.m2 = max(0, squares - sum * sum * Double(result.count))
        return result
    }

    private func sums(about center: Double) -> (sum: Double, squares: Double) {
        let sum = Double(count) * (mean - center)
        return (sum, m2 + sum * (mean - center))
    }

    package func save(to encoder: inout ByteEncoder) {
        encoder.write(count)
        encoder.write(mean)
        encoder.write(m2)
    }

    /// Reads moments; nil from bytes that none wrote.
    package init?(restoring decoder: inout ByteDecoder) {
        guard let count = decoder.integer(upTo: Self.mostValues), let mean = decoder.double(),
            let m2 = decoder.double(), mean.magnitude < 1e30, m2 >= 0, m2 < 1e60
        else { return nil }
        self.count = count
        self.mean = mean
        self.m2 = m2
    }
}
