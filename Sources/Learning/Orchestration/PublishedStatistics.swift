import Learners

/// The value of `stat/SERVER/TOOL` in the learner's state table: what is known of the calls of one tool.
///
/// All fields are little-endian and 8 bytes wide but for the first two; doubles are IEEE 754. A later version
/// may append fields, which readers of this one ignore.
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | u32 | layout version, 1 |
/// | 4 | u32 | bytes of the value, at least 160 |
/// | 8 | u64 | calls |
/// | 16 | u64 | errors: all outcomes but `ok` and `cancelled` |
/// | 24 | u64 | request bytes |
/// | 32 | u64 | result bytes |
/// | 40 | u64 | start of the latest call, microseconds since 1970 |
/// | 48 | u64 | CLOCK_MONOTONIC seconds when this was written |
/// | 56 | u64 | shortest duration, microseconds |
/// | 64 | u64 | longest duration |
/// | 72 | f64 | mean duration |
/// | 80 | f64 | variance of the duration, microseconds squared |
/// | 88 | f64 | median duration, within 1 % |
/// | 96 | f64 | 90th percentile |
/// | 104 | f64 | 99th percentile |
/// | 112 | f64 | median of the server's part |
/// | 120 | f64 | 99th percentile of the server's part |
/// | 128 | f64 | mean time in the queue |
/// | 136 | f64 | calls a second, see `DecayingRate` |
/// | 144 | f64 | errors a second |
/// | 152 | u64 | zero |
package struct PublishedStatistics: Sendable, Equatable {
    package static let version: UInt32 = 1
    package static let bytes = 160

    package var calls: UInt64
    package var errors: UInt64
    package var requestBytes: UInt64
    package var resultBytes: UInt64
    package var latestMicroseconds: UInt64
    package var second: UInt64
    package var shortestMicroseconds: UInt64
    package var longestMicroseconds: UInt64
    package var meanMicroseconds: Double
    package var variance: Double
    package var medianMicroseconds: Double
    package var p90Microseconds: Double
    package var p99Microseconds: Double
    package var upstreamMedianMicroseconds: Double
    package var upstreamP99Microseconds: Double
    package var queueMeanMicroseconds: Double
    package var callsPerSecond: Double
    package var errorsPerSecond: Double

    /// - Complexity: three passes over a sketch: some microseconds.
    package init(_ statistics: CallStatistics, second: UInt64) {
        calls = statistics.calls
        errors = statistics.errors
        requestBytes = statistics.requestBytes
        resultBytes = statistics.resultBytes
        latestMicroseconds = statistics.latestMicroseconds
        self.second = second
        shortestMicroseconds = statistics.durations.minimum
        longestMicroseconds = statistics.durations.maximum
        meanMicroseconds = statistics.durationMoments.mean
        variance = statistics.durationMoments.variance
        medianMicroseconds = statistics.durations.quantile(0.5) ?? 0
        p90Microseconds = statistics.durations.quantile(0.9) ?? 0
        p99Microseconds = statistics.durations.quantile(0.99) ?? 0
        upstreamMedianMicroseconds = statistics.upstreams.quantile(0.5) ?? 0
        upstreamP99Microseconds = statistics.upstreams.quantile(0.99) ?? 0
        queueMeanMicroseconds = statistics.queueMoments.mean
        callsPerSecond = statistics.callRate.value(second: second)
        errorsPerSecond = statistics.errorRate.value(second: second)
    }

    private static let integers: [(offset: Int, field: any WritableKeyPath<Self, UInt64> & Sendable)] = [
        (8, \.calls), (16, \.errors), (24, \.requestBytes), (32, \.resultBytes), (40, \.latestMicroseconds),
        (48, \.second), (56, \.shortestMicroseconds), (64, \.longestMicroseconds),
    ]
    private static let doubles: [(offset: Int, field: any WritableKeyPath<Self, Double> & Sendable)] = [
        (72, \.meanMicroseconds), (80, \.variance), (88, \.medianMicroseconds), (96, \.p90Microseconds),
        (104, \.p99Microseconds), (112, \.upstreamMedianMicroseconds), (120, \.upstreamP99Microseconds),
        (128, \.queueMeanMicroseconds), (136, \.callsPerSecond), (144, \.errorsPerSecond),
    ]

    package var encoded: [UInt8] {
        var value = [UInt8](repeating: 0, count: Self.bytes)
        func put(_ word: UInt64, _ offset: Int, _ count: Int = 8) {
            for byte in 0..<count {
                value[offset + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))
            }
        }
        put(UInt64(Self.version), 0, 4)
        put(UInt64(Self.bytes), 4, 4)
        for (offset, field) in Self.integers { put(self[keyPath: field], offset) }
        for (offset, field) in Self.doubles { put(self[keyPath: field].bitPattern, offset) }
        return value
    }

    /// Reads a value of the table; nil unless it has this layout and finite numbers.
    package init?(_ value: [UInt8]) {
        func word(_ offset: Int, _ count: Int = 8) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(value[offset + $1]) << UInt64(8 * $1) }
        }
        guard value.count >= Self.bytes, word(0, 4) == UInt64(Self.version), word(4, 4) == UInt64(value.count)
        else { return nil }
        self.init(CallStatistics(), second: 0)
        for (offset, field) in Self.integers { self[keyPath: field] = word(offset) }
        for (offset, field) in Self.doubles {
            let number = Double(bitPattern: word(offset))
            guard number.isFinite else { return nil }
            self[keyPath: field] = number
        }
    }
}
