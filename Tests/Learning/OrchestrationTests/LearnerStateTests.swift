import Learners
import Orchestration
import TestSupport
import Testing

@Suite("Learner state") struct LearnerStateTests {
    /// Id 1 is `tools/call`, 2 another method; servers from 10, tools from 100; 999 is unknown.
    static func name(_ id: UInt32) -> String? {
        switch id {
        case 1: "tools/call"
        case 2: "tools/list"
        case 10..<20: "s\(id)"
        case 100..<200: "t\(id)"
        default: nil
        }
    }

    static func observation(_ random: inout SeededGenerator) -> Observation {
        Observation(
            server: .random(in: 10...13, using: &random), tool: .random(in: 100...110, using: &random),
            method: Int.random(in: 0...9, using: &random) == 0 ? 2 : 1,
            outcome: Bool.random(using: &random) ? .ok : .toolError,
            startMicroseconds: .random(in: 0...1_000_000, using: &random),
            durationMicroseconds: .random(in: 1...500_000, using: &random))
    }

    static func bytes(_ state: LearnerState) -> [UInt8] {
        var encoder = ByteEncoder()
        state.save(to: &encoder)
        return encoder.bytes
    }

    static func prediction(_ subject: String, seconds: Int = 60) -> WorkerCommand? {
        WorkerCommand(
            kind: 2, body: Array(#"{"task":"t","subject":"\#(subject)","value":1,"ttl_s":\#(seconds)}"#.utf8))
    }

    @Test("Stopped at any record and restored, it ends as if it had never stopped", arguments: 1...20)
    func restoring(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let observations = (0..<400).map { _ in Self.observation(&random) }
        let cut = Int.random(in: 0...400, using: &random)
        var whole = LearnerState()
        var part = LearnerState()
        for (index, observation) in observations.enumerated() {
            let second = UInt64(index / 40)
            whole.observe(observation, second: second, name: Self.name)
            if index < cut { part.observe(observation, second: second, name: Self.name) }
        }
        var decoder = ByteDecoder(Self.bytes(part))
        var restored = try #require(LearnerState(restoring: &decoder))
        #expect(decoder.isAtEnd)
        for index in cut..<400 {
            restored.observe(observations[index], second: UInt64(index / 40), name: Self.name)
        }
        #expect(Self.bytes(restored) == Self.bytes(whole), "seed \(seed), cut \(cut)")
        #expect(restored.takeStatistics(second: 20) == whole.takeStatistics(second: 20))
    }

    @Test("Every record is counted, and tools/call alone makes statistics of tools") func methods() {
        var state = LearnerState()
        var random = SeededGenerator(seed: 3)
        var calls: UInt64 = 0
        for _ in 0..<500 {
            let observation = Self.observation(&random)
            calls += observation.method == 1 ? 1 : 0
            state.observe(observation, second: 1, name: Self.name)
        }
        #expect(state.counts.records == 500)
        #expect(state.tools.entries.reduce(0) { $0 + $1.statistics.calls } == calls)
    }

    @Test("A record whose names are unknown is counted as such") func unnamed() {
        var state = LearnerState()
        var observation = ToolTableTests.observation(10, 999)
        observation.method = 1
        state.observe(observation, second: 1, name: Self.name)
        #expect(state.counts.unnamed == 1)
        #expect(state.tools.entries.isEmpty)
    }

    @Test("After a restart of the gateway ids mean something else") func newGeneration() {
        var state = LearnerState()
        var observation = ToolTableTests.observation(10, 100)
        observation.method = 1
        state.observe(observation, second: 1, name: Self.name)
        state.forgetIDs()
        state.observe(observation, second: 1) { $0 == 1 ? "tools/call" : "other\($0)" }
        #expect(state.tools.entries.map(\.tool) == ["t100", "other100"])
    }

    @Test("Predictions outlive a restart of the learner until they end") func predictions() throws {
        var state = LearnerState()
        for (subject, seconds) in [("short", 5), ("long", 500)] {
            let command = try #require(Self.prediction(subject, seconds: seconds))
            #expect(state.carryOut(command, second: 100) != nil)
        }
        var decoder = ByteDecoder(Self.bytes(state))
        let restored = try #require(LearnerState(restoring: &decoder))
        let keys = restored.predictionChanges(second: 200).compactMap { change -> String? in
            guard case .put(let key, _, let lifetime) = change else { return nil }
            #expect(lifetime == .seconds(400))
            return String(decoding: key, as: UTF8.self)
        }
        #expect(keys == ["prediction/t/long"])
        #expect(restored.counts.predictions == 2)
    }

    @Test("A bounded number of predictions is kept, those that end last") func manyPredictions() throws {
        var state = LearnerState()
        for index in 0..<600 {
            _ = state.carryOut(try #require(Self.prediction("s\(index)", seconds: 100 + index)), second: 1)
        }
        let kept = state.predictionChanges(second: 2)
        #expect(kept.count == 512)
        #expect(
            kept.contains {
                if case .put(let key, _, _) = $0 { key == Array("prediction/t/s599".utf8) } else { false }
            })
    }
}
