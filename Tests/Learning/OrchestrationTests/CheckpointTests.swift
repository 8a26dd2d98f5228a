import Learners
import ModelHistory
import TestSupport
import Testing

@testable import Orchestration

@Suite("Checkpoint") struct CheckpointTests {
    static func checkpoint() -> Checkpoint {
        var state = LearnerState()
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            state.observe(LearnerStateTests.observation(&random), second: 3, name: LearnerStateTests.name)
        }
        var positions = LearnerPositions(generation: 77)
        positions.settled = 70
        positions.places = [.init(generation: 77, ring: 0, position: 200, lost: 3)]
        positions.spans = [
            RecoverySpan(generation: 77, loop: 1, next: 5, last: 9),
            RecoverySpan(generation: 71, loop: 0, next: 8),
        ]
        return Checkpoint(
            positions: positions, base: ObjectID(of: [1], .blob), isApart: true, state: state)
    }

    static let good = checkpoint().encoded

    @Test("A checkpoint is read back as it was written") func roundTrip() throws {
        let checkpoint = Self.checkpoint()
        let restored = try #require(Checkpoint(checkpoint.encoded))
        #expect(restored.positions == checkpoint.positions && restored.base == checkpoint.base)
        #expect(restored.encoded == checkpoint.encoded)
        #expect(restored.isApart && restored.state.fresh == checkpoint.state.fresh)
        #expect(restored.state.fresh.count > 0)
    }

    @Test("A file that an earlier program left is read") func earlier() throws {
        let checkpoint = Self.checkpoint()
        var body = ByteEncoder()
        body.write(2 as UInt64)
        body.write(checkpoint.base?.bytes ?? [])
        checkpoint.positions.save(to: &body)
        checkpoint.state.save(to: &body)
        let restored = try #require(Checkpoint(Checkpoint.sealed(body.bytes)))
        #expect(restored.positions == checkpoint.positions && restored.base == checkpoint.base)
        #expect(restored.state.counts == checkpoint.state.counts)
        #expect(restored.state.fresh.isEmpty && !restored.isApart)
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
