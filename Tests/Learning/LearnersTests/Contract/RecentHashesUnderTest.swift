import Learners
import TestSupport

struct RecentHashesUnderTest: LearnerUnderTest {
    private var hashes = RecentHashes(bits: 6)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let hash = HashMix.mix(random.next() % 200)
        let wasKnown = hashes.contains(hash)
        hashes.insert(hash)
        return [wasKnown ? 1 : 0]
    }

    func save(to encoder: inout ByteEncoder) { hashes.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let hashes = RecentHashes(bits: 6, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.hashes = hashes
        return learner
    }

    var memoryBytes: Int { hashes.memoryBytes }

    static let memoryBound = 4 << 6
}
