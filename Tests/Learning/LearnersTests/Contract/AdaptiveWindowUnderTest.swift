import Learners
import TestSupport

struct AdaptiveWindowUnderTest: LearnerUnderTest {
    private var window = AdaptiveWindow(delta: 0.05)

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let isHigh = window.count > 100
        let change = window.insert(
            random.chance(3)
                ? random.pick([.nan, .infinity, -7, 1e300])
                : Double.random(in: isHigh ? 0.5...1 : 0...0.5, using: &random))
        return [window.mean, window.variance, Double(window.count), change == nil ? 0 : 1]
    }

    func save(to encoder: inout ByteEncoder) { window.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let window = AdaptiveWindow(delta: 0.05, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.window = window
        return learner
    }

    var memoryBytes: Int { window.memoryBytes }

    static let memoryBound = 4_600
}
