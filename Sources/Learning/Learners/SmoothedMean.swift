/// A mean of what came lately: an even one at first, then one that forgets.
///
/// `mean += max(rate, 1 / n) * (value - mean)`.
///
/// Memory: 16 bytes.
package struct SmoothedMean: Sendable, Equatable {
    private let rate: Double
    package private(set) var value = 0.0
    private var count: UInt32 = 0

    /// - Parameter rate: the weight of the latest value, above 0 and at most 1.
    package init(rate: Double) { self.rate = rate }

    package var isEmpty: Bool { count == 0 }

    /// The mean, were this value the next.
    package func value(after next: Double) -> Double {
        value + max(rate, 1 / Double(count + 1)) * (next - value)
    }

    /// Takes a number of at most 10^30 in magnitude.
    package mutating func insert(_ next: Double) {
        value = value(after: next)
        count = min(count + 1, 1 << 20)
    }
}

extension SmoothedMean {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(value)
        encoder.write(UInt64(count))
    }

    /// Reads a mean; nil from bytes that none wrote.
    package init?(rate: Double, restoring decoder: inout ByteDecoder) {
        guard let value = decoder.double(), value.magnitude <= 1e30,
            let count = decoder.integer(upTo: 1 << 20)
        else { return nil }
        (self.rate, self.value, self.count) = (rate, value, UInt32(count))
    }
}
