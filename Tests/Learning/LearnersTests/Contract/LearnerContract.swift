import Learners
import TestSupport
import Testing

/// The contract of every learner, as functions that each learner's suite is run through.
///
/// To add a learner: adapt it to `LearnerUnderTest` and put its type in `LearnerContractTests.learners`.
enum LearnerContract {
    static func isDeterministic<L: LearnerUnderTest>(_ type: L.Type, seed: UInt64) {
        var (first, second) = (L(seed: seed), L(seed: seed))
        var (a, b) = (SeededGenerator(seed: seed), SeededGenerator(seed: seed))
        for step in 0..<300 {
            #expect(first.step(&a) == second.step(&b), "\(type), seed \(seed), step \(step)")
        }
        #expect(first.saved == second.saved, "\(type), seed \(seed)")
    }

    static func restoresInMidStream<L: LearnerUnderTest>(_ type: L.Type, seed: UInt64) throws {
        var learner = L(seed: seed)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Int(seed % 5) * 90 { _ = learner.step(&random) }
        var decoder = ByteDecoder(learner.saved)
        var copy = try #require(L.restored(&decoder, seed: seed), "\(type), seed \(seed)")
        #expect(decoder.isAtEnd, "\(type), seed \(seed)")
        var same = random
        for step in 0..<200 {
            #expect(learner.step(&random) == copy.step(&same), "\(type), seed \(seed), step \(step)")
        }
        #expect(learner.saved == copy.saved, "\(type), seed \(seed)")
    }

    static func staysWithinMemory<L: LearnerUnderTest>(_ type: L.Type, seed: UInt64) {
        var learner = L(seed: seed)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1500 { _ = learner.step(&random) }
        #expect(learner.memoryBytes <= L.memoryBound, "\(type), seed \(seed)")
        #expect(learner.saved.count <= 2 * L.memoryBound, "\(type), seed \(seed)")
    }

    static func forecastsAreFinite<L: LearnerUnderTest>(_ type: L.Type, seed: UInt64) {
        var learner = L(seed: seed)
        var random = SeededGenerator(seed: seed)
        for step in 0..<500 {
            let forecast = learner.step(&random)
            let isFinite = forecast.allSatisfy { $0.isFinite }
            #expect(isFinite, "\(type), seed \(seed), step \(step)")
        }
    }

    /// A merged learner works on within its bound, and one that learned nothing adds nothing.
    static func merges<L: LearnerUnderTest>(_ type: L.Type, seed: UInt64) {
        var (first, second) = (L(seed: seed), L(seed: seed + 1))
        guard first.merge(L(seed: seed)) else { return }
        #expect(first.saved == L(seed: seed).saved, "\(type), seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            _ = first.step(&random)
            _ = second.step(&random)
        }
        let before = first.saved
        #expect(first.merge(L(seed: seed)) && first.saved == before, "\(type), seed \(seed)")
        #expect(first.merge(second) && first.saved != before, "\(type), seed \(seed)")
        for _ in 0..<100 {
            let isFinite = first.step(&random).allSatisfy { $0.isFinite }
            #expect(isFinite, "\(type), seed \(seed)")
        }
        #expect(first.memoryBytes <= L.memoryBound, "\(type), seed \(seed)")
    }

    /// Damaged bytes give nil or a learner that works; nothing traps.
    static func survivesDamage<L: LearnerUnderTest>(_ type: L.Type, seed: UInt64) {
        var learner = L(seed: seed)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<60 { _ = learner.step(&random) }
        let saved = learner.saved
        for _ in 0..<60 {
            var bytes = saved
            if random.chance(50) { bytes.removeLast(Int.random(in: 1...bytes.count, using: &random)) }
            for _ in 0..<Int.random(in: 0...8, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            var decoder = ByteDecoder(bytes)
            guard var damaged = L.restored(&decoder, seed: seed) else { continue }
            for _ in 0..<20 { _ = damaged.step(&random) }
        }
    }
}
