/// How rare a magnitude is among all that came before, also where it exceeds every one of them.
///
/// `P(v) = P(u) * (1 + xi * (v - u) / sigma)^(-1 / xi)` above `u`, the edge of the greatest 5 %: excesses
/// over a high edge are nearly generalized Pareto (Pickands, Annals of Statistics 3(1), 1975), as SPOT uses
/// it (Siffer et al.: "Anomaly detection in streams with extreme value theory", KDD 2017). `xi` and `sigma`
/// are those of the moments (Hosking, Wallis, Technometrics 29(3), 1987), drawn to an exponential by 20
/// excesses that nobody saw. What as many values as great as `v` say of it is the bound of its rarity.
///
/// Values are counted in buckets a tenth of a factor of `e` wide, the highest 128 that occurred. After 65,536
/// values all counts are halved, so that what is long past weighs less.
///
/// Memory: 512 bytes.
package struct ExcessTail: Sendable, Equatable {
    static let buckets = 128
    private static let perUnit: Float = 10
    private static let mostTotal: UInt32 = 1 << 16
    /// One in as many values lies above the edge.
    private static let edgeShare: UInt32 = 20
    private static let fewestValues: UInt32 = 60
    private static let unseen: (count: Float, mean: Float) = (20, 0.3)
    private static let mostShape: Float = 0.2
    private static let magnitudes: (least: Float, most: Float) = (1e-25, 1e30)
    /// The greatest surprise.
    package static let most: Float = 40
    /// The middle of each bucket over the lower edge of the first.
    private static let ratios = (0..<buckets).map { Transcendental.exponential((Float($0) + 0.5) / perUnit) }
    /// No value yet.
    private static let noTop = -10_000

    private var counts = [UInt32](repeating: 0, count: buckets)
    private var total: UInt32 = 0
    /// The number of the highest bucket: ten times the logarithm of its lower edge.
    private var top = noTop
    /// The first bucket above the edge, and how many values are there.
    private var edge = 0
    private var above: UInt32 = 0

    package init() {}

    /// `-log10` of the probability of so great a value; 0 below the edge and while there are few values.
    ///
    /// - Complexity: 5 ns below the edge, one addition a bucket above it.
    package func surprise(_ magnitude: Float) -> Float {
        guard total >= Self.fewestValues else { return 0 }
        let value = min(magnitude, Self.magnitudes.most)
        // Below the lowest bucket everything counts as nothing; the excess is then the value itself.
        let (start, offset): (Int, Float) = edge > 0 ? (edge, 1) : (1, 0)
        let scale = Transcendental.exponential(Float(top - Self.buckets + 1 + start) / Self.perUnit)
        guard value > offset * scale, value > Self.magnitudes.least else { return 0 }
        let own = Self.number(value) - top + Self.buckets - 1
        var (sum, squares): (Float, Float) = (0, 0)
        var asGreat: UInt32 = own <= 0 ? counts[0] : 0
        for bucket in start..<Self.buckets where counts[bucket] > 0 {
            let (count, excess) = (Float(counts[bucket]), Self.ratios[bucket - start] - offset)
            sum += count * excess
            squares += count * excess * excess
            if bucket >= own { asGreat += counts[bucket] }
        }
        let excess = Self.surprise(
            excess: value / scale - offset, sum: sum, squares: squares, count: Float(above), unit: offset)
        let share = -Transcendental.logarithm(Float(above) / Float(total))
        var surprise = (share + excess) / 2.302_585
        if asGreat > 0 {
            surprise = min(surprise, -Transcendental.logarithm(Float(asGreat) / Float(total)) / 2.302_585)
        }
        return min(max(surprise, 0), Self.most)
    }

    /// `-ln` of the share of excesses that are as great.
    private static func surprise(
        excess: Float, sum: Float, squares: Float, count: Float, unit: Float
    ) -> Float {
        let (weight, seen) = (count + unseen.count, unseen.mean * unit)
        let mean = (sum + unseen.count * seen) / weight
        let variance = (squares + unseen.count * 2 * seen * seen) / weight - mean * mean
        let shape = min(max(0.5 * (1 - mean * mean / max(variance, 1e-30)), 0), mostShape)
        let scaled = min(excess / max(mean * (1 - shape), 1e-12), magnitudes.most)
        return shape > 1e-3 ? Transcendental.logarithm(1 + shape * scaled) / shape : scaled
    }

    /// Takes a magnitude; what is no number counts as nothing.
    package mutating func insert(_ magnitude: Float) {
        var bucket = 0
        if magnitude > Self.magnitudes.least {
            let number = Self.number(min(magnitude, Self.magnitudes.most))
            if number > top { raise(to: number) }
            bucket = max(0, number - top + Self.buckets - 1)
        }
        counts[bucket] += 1
        total += 1
        if bucket >= edge { above += 1 }
        if total >= Self.mostTotal { halve() } else { settle() }
    }

    /// Adds what another has counted.
    package mutating func merge(_ other: ExcessTail) {
        var other = other
        if other.top > top { raise(to: other.top) }
        if other.top < top { other.raise(to: top) }
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
        total += other.total
        find()
        while total >= Self.mostTotal { halve() }
    }

    private static func number(_ value: Float) -> Int {
        Int((Transcendental.logarithm(value) * perUnit).rounded(.down))
    }

    /// Makes room for greater values; what falls off below is counted in the lowest bucket.
    private mutating func raise(to number: Int) {
        let distance = min(number - top, Self.buckets)
        let fallen = counts[..<min(distance + 1, Self.buckets)].reduce(0, +)
        for bucket in counts.indices {
            counts[bucket] = bucket + distance < Self.buckets ? counts[bucket + distance] : 0
        }
        counts[0] = fallen
        top = number
        find()
    }

    private mutating func halve() {
        for bucket in counts.indices { counts[bucket] = (counts[bucket] + 1) / 2 }
        total = counts.reduce(0, +)
        find()
    }

    /// Finds the edge anew.
    private mutating func find() {
        (edge, above) = (Self.buckets - 1, counts[Self.buckets - 1])
        settle()
    }

    /// Moves the edge to the highest bucket that has the share above it.
    private mutating func settle() {
        while edge > 0, above * Self.edgeShare < total {
            edge -= 1
            above += counts[edge]
        }
        while edge < Self.buckets - 1, (above - counts[edge]) * Self.edgeShare >= total {
            above -= counts[edge]
            edge += 1
        }
    }
}

extension ExcessTail {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(top - Self.noTop))
        for count in counts { encoder.write(UInt64(count)) }
    }

    /// Reads a tail; nil from bytes that none wrote.
    package init?(restoring decoder: inout ByteDecoder) {
        let highest = Self.number(Self.magnitudes.most)
        guard let height = decoder.integer(upTo: UInt64(highest - Self.noTop)) else { return nil }
        top = Self.noTop + Int(height)
        guard top == Self.noTop || top >= Self.number(Self.magnitudes.least) else { return nil }
        for bucket in 0..<Self.buckets {
            guard let count = decoder.integer(upTo: UInt64(Self.mostTotal - 1 - total)) else { return nil }
            counts[bucket] = UInt32(count)
            total += UInt32(count)
        }
        find()
    }
}
