import Identifiers
import SharedMemory
import SharedState

extension LearnerDesk {
    /// Free slots and expired entries are looked for in so many at a time.
    private static let sweptSlots = 512

    /// Publishes the statistics that changed, and says that the learner lives.
    func publish(second: UInt64) {
        own.segment.heartbeat()
        for change in state.takeStatistics(second: second) { _ = apply(change, isPinned: true) }
        own.table.sweep(slots: Self.sweptSlots)
    }

    /// Publishes the predictions that an earlier learner had taken.
    func publishPredictions(second: UInt64) {
        for change in state.predictionChanges(second: second) { _ = apply(change) }
    }

    /// Publishes what patterns tell, as far as it changed; at most once a second.
    func publishPatterns() {
        for change in patterns?.changes(now: .now, wall: WallClock.microseconds) ?? [] {
            // Sessions come and go: their entries may be driven out.
            if case .put(_, _, let lifetime) = change { _ = apply(change, isPinned: lifetime == nil) }
        }
    }

    func publish(_ report: LearnerReport) {
        _ = apply(
            .put(key: Array(LearnerKeys.report.utf8), value: report.json, lifetime: nil), isPinned: true)
    }

    /// Changes the table.
    ///
    /// - Parameter isPinned: for the learner's own entries, which what others write must not drive out.
    /// - Returns: false if there is no room.
    func apply(_ change: StateChange, isPinned: Bool = false) -> Bool {
        switch change {
        case .put(let key, let value, let lifetime):
            let now = MonotonicTime.now
            let expiry = lifetime.map { now.advanced(byMilliseconds: Self.milliseconds($0)) }
            return (try? own.table.set(key, value, expiry: expiry, isPinned: isPinned)) != nil
        case .delete(let key):
            own.table.remove(key)
            return true
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
    }
}
