/// The pause before a process is started again: `random(0 ... min(ceiling, floor * 2^attempt))`.
///
/// This is "full jitter" (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), so that
/// servers that fell together do not rise together. A run of at least `stableAfter` forgets earlier failures.
/// The clock is the caller's: all instants are readings of one monotonic clock.
package struct RestartBackoff: Sendable, Equatable {
    package let floor: Duration
    package let ceiling: Duration
    package let stableAfter: Duration
    /// Ends in a row that each came before `stableAfter`.
    package private(set) var failures = 0
    private var startedAt: Duration?

    package init(
        floor: Duration = .milliseconds(100), ceiling: Duration = .seconds(30),
        stableAfter: Duration = .seconds(60)
    ) {
        self.floor = floor
        self.ceiling = max(floor, ceiling)
        self.stableAfter = stableAfter
    }

    /// Records that the process runs.
    package mutating func started(at now: Duration) {
        startedAt = now
    }

    /// Records that the process ended, or could not be started.
    ///
    /// - Returns: how long to wait before the next start, from zero to `ceiling`.
    package mutating func ended(
        at now: Duration, using random: inout some RandomNumberGenerator
    ) -> Duration {
        if let startedAt, now - startedAt >= stableAfter { failures = 0 }
        startedAt = nil
        var bound = floor
        for _ in 0..<failures where bound < ceiling { bound = min(ceiling, bound * 2) }
        failures = min(failures + 1, 64)
        return bound * Double.random(in: 0...1, using: &random)
    }
}
