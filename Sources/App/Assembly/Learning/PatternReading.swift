import Dashboard
import Synchronization

/// The overview as it was half a second ago at most, so that a scrape of several metrics reads it once.
final class PatternReading: Sendable {
    private static let holds = Duration.milliseconds(500)

    private struct State {
        var overview: PatternOverview?
        var until: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let read: @Sendable () -> PatternOverview?

    init(_ read: @escaping @Sendable () -> PatternOverview?) { self.read = read }

    var overview: PatternOverview? {
        let now = ContinuousClock.now
        if let kept = state.withLock({ state in state.until.map { now < $0 } == true ? state : nil }) {
            return kept.overview
        }
        let overview = read()
        state.withLock { $0 = State(overview: overview, until: now + Self.holds) }
        return overview
    }
}
