/// Follows a quantile of scores so that the promised share of them comes to lie below, whatever the stream
/// does.
///
/// `q <- q + rate * (share - 1)` after a score at or below `q`, and `q <- q + rate * share` after one above.
/// Adaptive conformal inference (Gibbs, Candès: "Adaptive conformal inference under distribution shift",
/// NeurIPS 2021) in the form that moves the threshold itself (Angelopoulos, Candès, Tibshirani: "Conformal
/// PID control for time series prediction", NeurIPS 2023, equation 5): for scores in an interval of width `b`
/// the share below is off by at most `(b + rate) / (rate * n)` after `n` scores, without any assumption on
/// their distribution.
///
/// Memory: 12 bytes.
package struct ConformalQuantile: Sendable, Equatable {
    /// The share that is to lie at or below.
    private let share: Float
    private let rate: Float
    package private(set) var value: Float
    private static let most: Float = 1e4

    package init(share: Float, start: Float, rate: Float) {
        (self.share, self.rate, value) = (share, rate, start)
    }

    package mutating func insert(_ score: Float) {
        value = min(max(value + rate * (score > value ? share : share - 1), -Self.most), Self.most)
    }
}

extension ConformalQuantile {
    package func save(to encoder: inout ByteEncoder) { encoder.write(value) }

    /// Reads a quantile; nil from bytes that none wrote.
    package init?(share: Float, rate: Float, restoring decoder: inout ByteDecoder) {
        guard let value = decoder.float(), value.magnitude <= Self.most else { return nil }
        self.init(share: share, start: value, rate: rate)
    }
}
