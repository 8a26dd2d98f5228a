import Learners
import TestSupport

struct HashedSoftmaxUnderTest: LearnerUnderTest {
    private var softmax = HashedSoftmax(bits: 4)
    private static let symbols = [3, 70, 5, 1000]

    init(seed: UInt64) {}

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let feature = UInt64.random(in: 0..<64, using: &random) << 20
        var columns = HashedSoftmax.Columns()
        columns.begin(Self.symbols)
        softmax.add(feature, scale: 1, to: &columns)
        let scores = Self.symbols.map { columns.value($0) }
        var gradient = [Float](repeating: 0.25, count: Self.symbols.count)
        gradient[Int.random(in: 0..<Self.symbols.count, using: &random)] -= 1
        columns.begin(Self.symbols, gradient: gradient)
        softmax.learn(feature, gradient: columns, scale: 1, rate: 0.2)
        return scores.map { Double($0) }
    }

    func save(to encoder: inout ByteEncoder) { softmax.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let softmax = HashedSoftmax(bits: 4, restoring: &decoder) else { return nil }
        var learner = Self(seed: seed)
        learner.softmax = softmax
        return learner
    }

    var memoryBytes: Int { softmax.memoryBytes }

    static let memoryBound = 16 * 260
}
