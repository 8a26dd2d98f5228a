/// How many calls one principal may make.
package struct CallLimits: Hashable, Sendable {
    /// At the same time.
    package var concurrency: Int?
    /// A second, on average.
    package var rate: Double?
    /// At once, after a pause: the size of the bucket that `rate` fills.
    package var burst: Int

    package init(concurrency: Int? = nil, rate: Double? = nil, burst: Int? = nil) {
        self.concurrency = concurrency
        self.rate = rate
        self.burst = burst ?? max(1, Int(rate?.rounded(.up) ?? 1))
    }

    package var isUnlimited: Bool { concurrency == nil && rate == nil }
}
