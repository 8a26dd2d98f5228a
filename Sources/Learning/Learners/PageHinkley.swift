/// Tells when the mean of a stream has risen or fallen by more than a tolerance, after a few values of the
/// new mean.
///
/// `m += x - mean - tolerance; rise if m - min(m) > threshold`, and the mirror image for falls (Page,
/// "Continuous inspection schemes", Biometrika 41, 1954; Hinkley, Biometrika 58, 1971). For normal noise of
/// variance `v` about a known mean, false alarms of one side are on average at least
/// `exp(2 * tolerance * threshold / v)` values apart (Lorden, Annals of Mathematical Statistics 42(6), 1971);
/// a shift by `d` is told after about `threshold / (d - tolerance)` values. The mean is that of the values
/// since the latest change.
///
/// Memory: 48 bytes.
package struct PageHinkley: Sendable, Equatable {
    package enum Change: String, Sendable { case rise, fall }

    private static let mostMagnitude = 1e12

    private let tolerance: Double
    private let threshold: Double
    private let fewestValues: UInt64
    private var count: UInt64 = 0
    private var mean = 0.0
    /// How far above their minimum the sums of both sides are.
    private var (rise, fall) = (0.0, 0.0)

    /// - Parameters:
    ///   - tolerance: what the mean may move; above 0.
    ///   - threshold: above 0; in the unit of the values, as `tolerance`.
    ///   - fewestValues: values from which the mean is known first.
    package init(tolerance: Double, threshold: Double, fewestValues: UInt64 = 30) {
        (self.tolerance, self.threshold, self.fewestValues) = (tolerance, threshold, fewestValues)
    }

    /// The mean since the latest change.
    package var current: Double { mean }

    /// Takes a value, and tells whether the mean has changed; then it starts anew. What is no number is
    /// passed over.
    ///
    /// - Complexity: 5 ns.
    package mutating func insert(_ value: Double) -> Change? {
        guard value.isFinite else { return nil }
        let value = min(max(value, -Self.mostMagnitude), Self.mostMagnitude)
        count = min(count + 1, 1 << 52)
        mean += (value - mean) / Double(count)
        guard count > fewestValues else { return nil }
        let distance = value - mean
        rise = max(0, rise + distance - tolerance)
        fall = max(0, fall - distance - tolerance)
        guard rise > threshold || fall > threshold else { return nil }
        let change: Change = rise > threshold ? .rise : .fall
        self = PageHinkley(tolerance: tolerance, threshold: threshold, fewestValues: fewestValues)
        return change
    }
}

extension PageHinkley {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(count)
        for number in [mean, rise, fall] { encoder.write(number) }
    }

    /// Reads a detector; nil from bytes that none wrote.
    package init?(
        tolerance: Double, threshold: Double, fewestValues: UInt64 = 30, restoring decoder: inout ByteDecoder
    ) {
        self.init(tolerance: tolerance, threshold: threshold, fewestValues: fewestValues)
        guard let count = decoder.integer(upTo: 1 << 52), let mean = decoder.double(),
            mean.magnitude <= Self.mostMagnitude, let rise = decoder.double(), let fall = decoder.double(),
            (0...threshold).contains(rise), (0...threshold).contains(fall)
        else { return nil }
        (self.count, self.mean, self.rise, self.fall) = (count, mean, rise, fall)
    }
}
