import Learners
import TestSupport

/// What the contract asks of a learner; a test suite adapts each learner to it in a few lines.
protocol LearnerUnderTest {
    /// A learner small enough that its bound is reached within a few thousand steps.
    init(seed: UInt64)
    /// Predicts, tells the forecast as numbers, and learns from an example drawn from `random`.
    mutating func step(_ random: inout SeededGenerator) -> [Double]
    /// Adds what a sibling has learned; false where its mathematics does not allow that.
    mutating func merge(_ other: Self) -> Bool
    func save(to encoder: inout ByteEncoder)
    /// Reads what `save` wrote; nil from anything else.
    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self?
    /// What it holds, in bytes.
    var memoryBytes: Int { get }
    /// What it may hold at most.
    static var memoryBound: Int { get }
}

extension LearnerUnderTest {
    mutating func merge(_ other: Self) -> Bool { false }

    var saved: [UInt8] {
        var encoder = ByteEncoder()
        save(to: &encoder)
        return encoder.bytes
    }
}
