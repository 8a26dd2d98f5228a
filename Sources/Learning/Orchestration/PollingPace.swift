/// How long the learner sleeps between two looks at the rings.
///
/// The pause halves while a look finds over `mostWanted` records and doubles while it finds fewer than
/// `leastWanted`, from 0.2 to 20 ms: a wake-up costs far more than a record in a batch, so busy rings are
/// read in batches of dozens, and idle ones fifty times a second. It never spins.
package struct PollingPace: Sendable, Equatable {
    package static let shortest = Duration.microseconds(200)
    package static let longest = Duration.milliseconds(20)
    private static let leastWanted = 16
    private static let mostWanted = 64

    package private(set) var pause = longest

    package init() {}

    /// The pause after a look that found so many records and messages.
    package mutating func next(found: Int) -> Duration {
        if found > Self.mostWanted {
            pause = max(Self.shortest, pause / 2)
        } else if found < Self.leastWanted {
            pause = min(Self.longest, pause * 2)
        }
        return pause
    }
}
