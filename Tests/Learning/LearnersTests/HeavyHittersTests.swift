import Learners
import TestSupport
import Testing

@Suite("The most frequent keys") struct HeavyHittersTests {
    /// Few keys often, many once.
    private static func key(_ random: inout SeededGenerator) -> UInt64 {
        random.chance(50) ? random.next() % 12 : 100 + random.next() % 5000
    }

    private static func check(_ counts: HeavyHitters, _ exact: [UInt64: UInt32], _ note: String) {
        for entry in counts.all {
            let occurrences = exact[entry.key] ?? 0
            #expect(entry.least <= occurrences && occurrences <= entry.count, "\(note), key \(entry.key)")
        }
        for key in 0..<12 as Range<UInt64> { #expect(counts[key] != nil, "\(note), key \(key)") }
    }

    @Test(
        "Counts are off by no more than they say, and what is frequent is kept",
        arguments: 1...6 as ClosedRange<UInt64>)
    func bounds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (counts, exact) = (HeavyHitters(bits: 8), [UInt64: UInt32]())
        for _ in 0..<20_000 {
            let key = Self.key(&random)
            counts.insert(key)
            exact[key, default: 0] += 1
        }
        Self.check(counts, exact, "seed \(seed)")
    }

    @Test(
        "The same holds for the counts of two streams after merging", arguments: 1...6 as ClosedRange<UInt64>)
    func merging(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var exact: [UInt64: UInt32] = [:]
        var streams = [HeavyHitters(bits: 8), HeavyHitters(bits: 8)]
        for _ in 0..<20_000 {
            let (key, stream) = (Self.key(&random), random.chance(30) ? 0 : 1)
            streams[stream].insert(key)
            exact[key, default: 0] += 1
        }
        streams[0].merge(streams[1])
        Self.check(streams[0], exact, "seed \(seed)")
    }
}
