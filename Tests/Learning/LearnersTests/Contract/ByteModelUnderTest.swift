import Learners
import TestSupport

struct ByteModelUnderTest: LearnerUnderTest {
    private var model: ByteModel
    private var tail = TailCounts()

    init(seed: UInt64) { model = ByteModel(bits: 6, seed: seed) }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let text =
            random.chance(50) ? Array("status: open, n: \(random.next() % 9)".utf8) : random.bytes(20)
        let surprisals = model.surprisals(text[...], kind: UInt64.random(in: 0..<3, using: &random))
        let share = tail.share(atLeast: surprisals.max() ?? 0)
        model.learn(text[...], kind: UInt64.random(in: 0..<3, using: &random))
        tail.insert(surprisals.max() ?? 0)
        return surprisals.map { Double($0) } + [Double(share)]
    }

    func save(to encoder: inout ByteEncoder) {
        model.save(to: &encoder)
        tail.save(to: &encoder)
    }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        guard let model = ByteModel(bits: 6, restoring: &decoder), let tail = TailCounts(restoring: &decoder)
        else { return nil }
        var learner = Self(seed: seed)
        (learner.model, learner.tail) = (model, tail)
        return learner
    }

    var memoryBytes: Int { model.memoryBytes + 256 }

    static let memoryBound = 64 << 6 + 256
}
