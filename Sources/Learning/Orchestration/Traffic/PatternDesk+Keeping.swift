import Identifiers
import Patterns

/// Patterns as parts of a version of the learner's model.
extension PatternDesk {
    /// Making the parts takes a moment, and what changed in them space: they are made anew once a tenth more
    /// was learned, or after so many nanoseconds.
    private static let keeping: UInt64 = 600_000_000_000
    private static let growth: UInt64 = 10
    /// What a version may take; the largest parts are left out beyond it.
    private static let mostBytes = 40 << 20

    /// The parts of a version that is made now.
    mutating func parts(now: MonotonicTime) -> [String: [UInt8]] {
        if let kept, !isEnding || kept.learned == patterns.learned,
            patterns.learned <= kept.learned &+ kept.learned / Self.growth,
            now.nanoseconds < kept.nanoseconds &+ Self.keeping
        {
            return kept.parts
        }
        let start = ProcessorTime.ofThread
        let made = patterns.parts(
            TrafficPatterns.Keeping(texts: settings.keepsTexts, hashes: settings.keepsHashes))
        var (parts, bytes): ([String: [UInt8]], Int) = ([:], 0)
        for part in TrafficPatterns.Part.allCases {
            guard let content = made[part], bytes + content.count <= Self.mostBytes else { continue }
            parts[part.rawValue] = content
            bytes += content.count
        }
        kept = (parts, patterns.learned, now.nanoseconds)
        trained(since: start)
        return parts
    }

    /// Goes on from what a version has; from nothing if it has no patterns, or those of a learner with
    /// another memory.
    mutating func restore(_ parts: [String: [UInt8]]) {
        var found: [TrafficPatterns.Part: [UInt8]] = [:]
        for part in TrafficPatterns.Part.allCases { found[part] = parts[part.rawValue] }
        let restored = found.isEmpty ? nil : TrafficPatterns(sizes, parts: found)
        patterns = restored ?? TrafficPatterns(sizes)
        kept = nil
        forgetPublished()
    }
}
