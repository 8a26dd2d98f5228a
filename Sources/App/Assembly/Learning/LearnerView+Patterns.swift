import Dashboard
import Identifiers
import SharedState

/// What the learner has found, as it publishes it.
extension LearnerView {
    var patterns: LearnedPatterns {
        var entries: [(key: [UInt8], value: [UInt8])] = []
        table?.forEach(prefix: Array(LearnedPatterns.prefix.utf8)) { entry in
            guard entries.count < LearnedPatterns.mostEntries, case .bytes(let key) = entry.key,
                entry.value.count <= LearnedPatterns.mostBytes
            else { return }
            entries.append((key, entry.value))
        }
        return LearnedPatterns(
            atMicroseconds: WallClock.microseconds, learner: facts, entries: entries)
    }

    /// What it has found in all calls together, at the cost of one look-up.
    var overview: PatternOverview? {
        table?.value(Array(LearnedPatterns.overviewKey.utf8)).flatMap { PatternOverview(json: $0.bytes) }
    }
}
