import Learners
import Orchestration
import TestSupport
import Testing

@Suite("Checkpoint") struct CheckpointTests {
    static func checkpoint() -> Checkpoint {
        var state = LearnerState()
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            state.observe(LearnerStateTests.observation(&random), second: 3, name: LearnerStateTests.name)
        }
        return Checkpoint(
            generation: 77, places: [.init(generation: 77, ring: 0, position: 200)], state: state)
    }

    static let good = checkpoint().encoded

    @Test("A checkpoint is read back as it was written") func roundTrip() throws {
        let checkpoint = Self.checkpoint()
        let restored = try #require(Checkpoint(checkpoint.encoded))
        #expect(restored.generation == 77)
        #expect(restored.places == checkpoint.places)
        #expect(restored.encoded == checkpoint.encoded)
    }

    @Test("Any damage is found", arguments: 1...300 as ClosedRange<UInt64>) func damage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = Self.good
        if Bool.random(using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                UInt8(1) << UInt8.random(in: 0...7, using: &random)
        } else {
            bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
        }
        #expect(Checkpoint(bytes) == nil, "seed \(seed)")
    }
}
