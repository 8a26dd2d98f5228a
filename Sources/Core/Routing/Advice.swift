/// The numbers that govern one call. Fixed by the configuration today; the learner's advice has the same
/// shape.
package struct Advice: Hashable, Sendable {
    /// From the arrival at the gateway to the answer, queueing included; in milliseconds.
    package var deadlineMilliseconds: Int
    /// Calls in flight to the server from one loop; at least 1.
    package var concurrencyLimit: Int
    /// Calls that may wait for a place; 0 refuses at once.
    package var queueBound: Int
    /// Attempts altogether for calls that the protocol lets a client repeat safely (lists, discovery, ping, a
    /// request that the server never saw); 1 never repeats. Tool calls have one attempt.
    package var maxAttempts: Int

    package init(deadlineMilliseconds: Int, concurrencyLimit: Int, queueBound: Int, maxAttempts: Int) {
        self.deadlineMilliseconds = max(1, deadlineMilliseconds)
        self.concurrencyLimit = max(1, concurrencyLimit)
        self.queueBound = max(0, queueBound)
        self.maxAttempts = max(1, maxAttempts)
    }

    /// What holds where neither the configuration nor the learner says anything.
    package static let standard = Advice(
        deadlineMilliseconds: 30_000, concurrencyLimit: 64, queueBound: 256, maxAttempts: 2)
}
