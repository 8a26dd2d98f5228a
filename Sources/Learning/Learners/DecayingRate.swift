/// Estimates events a second, with weights that fall by `e` every time constant.
///
/// Whole seconds are smoothed: `rate = k * rate + (1 - k) * events`, `k = exp(-1 / timeConstant)`; divided by
/// the weight seen so far, the estimate has no bias towards zero at the start (Kingma, Ba: "Adam", ICLR 2015,
/// section 3). The second under way counts once it is over.
package struct DecayingRate: Sendable, Equatable {
    private let keep: Double
    private var rate = 0.0
    private var weight = 0.0
    /// The second under way; nil before the first event.
    private var second: UInt64?
    private var events: UInt64 = 0

    /// Seconds after which nothing measurable is left, whatever the time constant.
    private static let forgotten: UInt64 = 1 << 20

    /// - Parameter timeConstant: in seconds, from 1 to 10,000.
    package init(timeConstant: Double) {
        precondition(timeConstant >= 1 && timeConstant <= 10_000, "the time constant is out of range")
        // exp(-x) by its series, which for x <= 1 has converged after 20 terms.
        var (term, sum) = (1.0, 1.0)
        for n in 1...20 {
            term *= -1 / (timeConstant * Double(n))
            sum += term
        }
        keep = sum
    }

    /// Counts events of a second; one that is past counts as the second under way.
    package mutating func record(_ count: UInt64 = 1, second now: UInt64) {
        advance(to: now)
        events &+= count
    }

    /// Events a second, as of a second that is not before the last.
    package func value(second now: UInt64) -> Double {
        var copy = self
        copy.advance(to: now)
        return copy.weight > 0 ? copy.rate / copy.weight : 0
    }

    private mutating func advance(to now: UInt64) {
        guard let second else {
            self.second = now
            return
        }
        guard now > second else { return }
        rate = keep * rate + (1 - keep) * Double(events)
        weight = keep * weight + (1 - keep)
        let idle = now - second - 1
        let left = idle > Self.forgotten ? 0 : Self.power(keep, idle)
        rate *= left
        weight = weight * left + (1 - left)
        self.second = now
        events = 0
    }

    /// - Complexity: one multiplication a bit of the exponent.
    private static func power(_ number: Double, _ exponent: UInt64) -> Double {
        var (result, square, rest) = (1.0, number, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}

extension DecayingRate {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(rate)
        encoder.write(weight)
        encoder.write(second.map { $0 &+ 1 } ?? 0)
        encoder.write(events)
    }

    /// Reads a rate; nil from bytes that none wrote.
    package init?(timeConstant: Double, restoring decoder: inout ByteDecoder) {
        self.init(timeConstant: timeConstant)
        guard let rate = decoder.double(), let weight = decoder.double(), let next = decoder.integer(),
            let events = decoder.integer(), rate >= 0, rate < 1e30, weight >= 0,
            weight < 1.001
        else { return nil }
        self.rate = rate
        self.weight = weight
        self.second = next > 0 ? next - 1 : nil
        self.events = events
    }
}
