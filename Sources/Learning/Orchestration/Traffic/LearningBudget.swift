/// How much processor time patterns may take, and which sessions are left out where that is not enough: a
/// value that is told the time.
///
/// Sessions are kept by a hash, so that what is learned of a session is whole: `kept if hash < fraction`. The
/// fraction halves after a second in which the time was used up, and grows by half where there was time left.
package struct LearningBudget: Sendable {
    /// The share of a core that patterns may take, over a second.
    package static let standardShare = 0.1
    private static let second: UInt64 = 1_000_000_000
    private static let leastFraction = 1.0 / 1024
    /// The fraction is chosen so that this much of the time is used.
    private static let aim = 0.8

    private let allowance: UInt64
    private var windowStart: UInt64 = 0
    /// Nanoseconds of processor time in this window.
    private var spent: UInt64 = 0
    package private(set) var fraction = 1.0

    /// - Parameter share: of a core, above 0.
    package init(share: Double = standardShare) {
        allowance = UInt64(min(max(share, 0.001), 64) * Double(Self.second))
    }

    /// Whether there is time for a call of a session.
    ///
    /// - Parameters:
    ///   - session: a hash that tells it from others.
    ///   - now: a reading of CLOCK_MONOTONIC in nanoseconds that does not go back.
    package mutating func admits(_ session: UInt64, now: UInt64) -> Bool {
        roll(now)
        return spent < allowance && (fraction >= 1 || Double(session >> 11) * 0x1p-53 < fraction)
    }

    /// Takes nanoseconds of processor time into account.
    package mutating func spend(_ nanoseconds: UInt64) { spent &+= nanoseconds }

    private mutating func roll(_ now: UInt64) {
        guard now >= windowStart &+ Self.second else { return }
        if spent >= allowance {
            fraction /= 2
        } else if spent > 0 {
            fraction *= min(1.5, Self.aim * Double(allowance) / Double(spent))
        } else {
            fraction *= 1.5
        }
        fraction = min(1, max(Self.leastFraction, fraction))
        (windowStart, spent) = (now, 0)
    }
}
