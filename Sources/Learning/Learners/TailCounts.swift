/// How rare a value as great as a given one is, from earlier values in buckets a quarter octave wide.
///
/// Memory: 256 bytes.
package struct TailCounts: Sendable, Equatable {
    static let buckets = 64
    private static let mostCount: UInt32 = 1 << 20

    private var counts = [UInt32](repeating: 0, count: buckets)

    package init() {}

    /// The share of values in the bucket of this one or above, held towards 1 while there are few values.
    package func share(atLeast value: Float) -> Float {
        let all = counts.reduce(0) { $0 + Float($1) }
        let above = counts[Self.bucket(value)...].reduce(0) { $0 + Float($1) }
        return (above + 1) / (all + 2)
    }

    package mutating func insert(_ value: Float) {
        let bucket = Self.bucket(value)
        counts[bucket] += 1
        if counts[bucket] >= Self.mostCount { for index in counts.indices { counts[index] /= 2 } }
    }

    /// Values of 2 to the n-th start at bucket 4 n; those below one, and what is no number, are in the first.
    private static func bucket(_ value: Float) -> Int {
        guard value >= 1 else { return 0 }
        return min(buckets - 1, Int(Transcendental.logarithm(min(value, 1e9)) * 5.770_78))
    }
}

extension TailCounts {
    package func save(to encoder: inout ByteEncoder) { for count in counts { encoder.write(UInt64(count)) } }

    /// Reads counts; nil from bytes that none wrote.
    package init?(restoring decoder: inout ByteDecoder) {
        for bucket in 0..<Self.buckets {
            guard let count = decoder.integer(upTo: UInt64(Self.mostCount - 1)) else { return nil }
            counts[bucket] = UInt32(count)
        }
    }
}
