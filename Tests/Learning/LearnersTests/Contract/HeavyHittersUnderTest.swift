import Learners
import TestSupport

struct HeavyHittersUnderTest: LearnerUnderTest {
    private var counts = HeavyHitters(bits: 5)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let key = random.chance(50) ? random.next() : random.next() % 20
        counts.insert(key)
        if random.chance(1) { counts.halve() }
        if random.chance(1) { counts.merge(counts) }
        let entry = counts[random.next() % 20]
        return [Double(entry?.count ?? 0), Double(entry?.least ?? 0), Double(counts.all.count)]
    }

    func save(to encoder: inout ByteEncoder) { counts.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let counts = HeavyHitters(bits: 5, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.counts = counts
        return learner
    }

    var memoryBytes: Int { counts.memoryBytes }

    static let memoryBound = 16 << 5
}
