import Learners
import TestSupport

struct PageHinkleyUnderTest: LearnerUnderTest {
    private var detector = PageHinkley(tolerance: 0.1, threshold: 5, fewestValues: 10)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let value = Double.random(in: -1...1, using: &random)
        let change = detector.insert(random.chance(3) ? random.pick([.nan, -.infinity, 1e300]) : value)
        return [detector.current, change == nil ? 0 : change == .rise ? 1 : 2]
    }

    func save(to encoder: inout ByteEncoder) { detector.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard
            let detector = PageHinkley(tolerance: 0.1, threshold: 5, fewestValues: 10, restoring: &decoder)
        else { return nil }
        var learner = Self(seed: seed)
        learner.detector = detector
        return learner
    }

    var memoryBytes: Int { MemoryLayout<PageHinkley>.size }

    static let memoryBound = 64
}
