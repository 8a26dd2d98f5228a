import Identifiers

/// How much of its limits one principal has used: a count of calls and a token bucket.
package struct CallAllowance: Sendable {
    private var running = 0
    private var tokens: Double?
    private var filled = MonotonicTime(nanoseconds: 0)

    package init() {}

    /// Whether nothing is remembered of the principal that a new allowance would not say.
    package func isFull(_ limits: CallLimits, now: MonotonicTime) -> Bool {
        guard running == 0 else { return false }
        guard let rate = limits.rate, let tokens else { return true }
        return tokens + rate * Double(now.nanoseconds(since: filled)) / 1e9 >= Double(limits.burst)
    }

    /// Takes a place for one call; `leave` gives it back.
    /// - Returns: nil if the call may go on, else after how many milliseconds it is worth another try.
    package mutating func enter(_ limits: CallLimits, now: MonotonicTime) -> Int? {
        if let concurrency = limits.concurrency, running >= concurrency { return Self.busyMilliseconds }
        if let rate = limits.rate {
            let burst = Double(limits.burst)
            let gained = rate * Double(now.nanoseconds(since: filled)) / 1e9
            let available = min(burst, (tokens ?? burst) + gained)
            filled = now
            tokens = available
            guard available >= 1 else { return max(1, Int(((1 - available) / rate * 1000).rounded(.up))) }
            tokens = available - 1
        }
        running += 1
        return nil
    }

    package mutating func leave() { running = max(0, running - 1) }

    private static let busyMilliseconds = 1_000
}
