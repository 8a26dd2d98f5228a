import Learners
import ModelHistory
import Storage
import TestSupport
import Testing

@testable import Orchestration

@Suite("The learner's state as a model") struct LearnerModelTests {
    private static let names: [UInt32: String] = [
        1: "tools/call", 2: "git", 3: "status", 4: "commit", 5: "push",
    ]

    /// A state that has seen some calls more than another.
    private static func learned(
        _ state: LearnerState = LearnerState(), tool: UInt32, calls: Int, microseconds: UInt32 = 1000
    ) -> LearnerState {
        var state = state
        for index in 0..<calls {
            let observation = Observation(
                server: 2, tool: tool, method: 1, outcome: index % 10 == 9 ? .toolError : .ok,
                startMicroseconds: UInt64(index), upstreamMicroseconds: microseconds / 2,
                durationMicroseconds: microseconds + UInt32(index), requestBytes: 10, resultBytes: 20)
            state.observe(observation, second: 1) { names[$0] }
        }
        return state
    }

    private static func statistics(_ parts: [String: [UInt8]]?) -> [String: CallStatistics] {
        parts.flatMap { LearnerModel.state($0) }?.tools.byName ?? [:]
    }

    @Test("Every count of the learner has a name in a difference") func named() {
        #expect(LearnerModel.countNames.count == LearnerCounts.fields.count)
    }

    @Test("A state is the same after its parts were read") func restored() throws {
        let state = Self.learned(Self.learned(tool: 3, calls: 30), tool: 4, calls: 7)
        let parts = LearnerModel.parts(of: state)
        let restored = try #require(LearnerModel.state(parts))
        #expect(LearnerModel.parts(of: restored) == parts)
        #expect(restored.counts == state.counts)
    }

    @Test("Parts that no state wrote are none", arguments: ["counts", "tools", "predictions"])
    func damaged(part: String) {
        var parts = LearnerModel.parts(of: Self.learned(tool: 3, calls: 30))
        parts[part] = (parts[part] ?? []) + [1]
        #expect(LearnerModel.state(parts) == nil)
        parts[part] = nil
        #expect(LearnerModel.state(parts) == nil)
        #expect(LearnerModel().differences(from: parts, to: parts) == nil)
        #expect(LearnerModel().merge(base: [:], ours: parts, theirs: parts, weight: 1) == nil)
    }

    @Test("A difference names the tools whose statistics changed, and by how much") func differences() throws
    {
        let old = Self.learned(tool: 3, calls: 10)
        let new = Self.learned(Self.learned(old, tool: 3, calls: 10), tool: 4, calls: 1, microseconds: 50)
        let found = try #require(
            LearnerModel().differences(from: LearnerModel.parts(of: old), to: LearnerModel.parts(of: new)))
        #expect(found.map(\.item) == ["learner", "git/commit", "git/status"])
        #expect(found.map(\.change) == [.changed, .added, .changed])
        #expect(found[0].fields == [ModelDifference.Field("records", 10, 21)])
        #expect(found[1].fields.first == ModelDifference.Field("calls", nil, 1))
        #expect(found[2].fields.prefix(2) == [.init("calls", 10, 20), .init("errors", 1, 2)])
        let same = LearnerModel.parts(of: new)
        #expect(LearnerModel().differences(from: same, to: same) == [])
    }

    @Test("Two states with a common past become what one would know that saw the calls of both")
    func merged() throws {
        let base = Self.learned(tool: 3, calls: 100)
        let ours = Self.learned(base, tool: 4, calls: 50)
        let theirs = Self.learned(
            Self.learned(base, tool: 3, calls: 40, microseconds: 9000), tool: 5, calls: 5)
        let merged = Self.statistics(
            LearnerModel().merge(
                base: LearnerModel.parts(of: base), ours: LearnerModel.parts(of: ours),
                theirs: LearnerModel.parts(of: theirs), weight: 1))
        let all = Self.learned(
            Self.learned(
                Self.learned(Self.learned(tool: 3, calls: 100), tool: 4, calls: 50), tool: 3, calls: 40,
                microseconds: 9000), tool: 5, calls: 5
        ).tools.byName
        #expect(Set(merged.keys) == Set(all.keys))
        for (name, one) in all {
            let found = try #require(merged[name])
            #expect(found.calls == one.calls)
            #expect(found.errors == one.errors)
            #expect(found.requestBytes == one.requestBytes)
            for q in [0.1, 0.5, 0.9] { #expect(found.durations.quantile(q) == one.durations.quantile(q)) }
            #expect(abs(found.durationMoments.mean / one.durationMoments.mean - 1) < 1e-12)
            #expect(
                abs(found.durationMoments.variance - one.durationMoments.variance)
                    <= 1e-9 * one.durationMoments.variance)
        }
    }

    @Test("A weight counts what the other learned so often") func weighted() {
        let ours = Self.learned(tool: 3, calls: 100)
        let theirs = Self.learned(tool: 3, calls: 50)
        let half = Self.statistics(
            LearnerModel().merge(
                base: [:], ours: LearnerModel.parts(of: ours), theirs: LearnerModel.parts(of: theirs),
                weight: 0.5))
        #expect(half["git/status"]?.calls == 125)
    }

    @Test("A version that is undone takes its calls with it, and leaves those that came later") func undone()
    {
        let before = Self.learned(tool: 3, calls: 10)
        let undone = Self.learned(
            Self.learned(before, tool: 3, calls: 5, microseconds: 70_000), tool: 4, calls: 3)
        let now = Self.learned(undone, tool: 5, calls: 8)
        let parts = LearnerModel().merge(
            base: LearnerModel.parts(of: undone), ours: LearnerModel.parts(of: now),
            theirs: LearnerModel.parts(of: before), weight: 1)
        let left = Self.statistics(parts)
        #expect(Set(left.keys) == ["git/status", "git/push"])
        #expect(left["git/status"]?.calls == 10)
        #expect(left["git/push"]?.calls == 8)
        #expect(left["git/status"]?.durations.quantile(1) ?? 0 < 1100)
    }

    @Test("A part that is not the state's own goes with it through a merge") func others() {
        var ours = LearnerModel.parts(of: Self.learned(tool: 3, calls: 1))
        ours["place"] = [1, 2]
        let merged = LearnerModel().merge(base: [:], ours: ours, theirs: ours, weight: 1)
        #expect(merged?["place"] == [1, 2])
    }

    @Test("A repository merges and reverts the learner's versions") func repository() throws {
        let repository = ModelRepository(try MemoryStore(families: ModelRepository.families))
        let main = ModelName("main")!
        let side = ModelName("side")!
        let act = Act(author: "tester", microseconds: 1)
        func save(_ state: LearnerState) throws -> ObjectID {
            try repository.commit(
                model: LearnerModel.model, kind: LearnerModel.kind, parts: LearnerModel.parts(of: state),
                metadata: CommitMetadata(author: "learner", message: "statistics", microseconds: 1))
        }
        let base = Self.learned(tool: 3, calls: 10)
        let first = try save(base)
        try repository.branch(LearnerModel.model, side, at: first, act)
        let second = try save(Self.learned(base, tool: 4, calls: 20))
        try repository.checkout(LearnerModel.model, .branch(side), act)
        let third = try save(Self.learned(base, tool: 5, calls: 30))
        try repository.checkout(LearnerModel.model, .branch(main), act)
        let metadata = CommitMetadata(author: "tester", message: "merge", microseconds: 2)
        let outcome = try repository.merge(
            LearnerModel.model, with: third, kinds: [LearnerModel()], metadata: metadata)
        #expect(outcome == .merged(outcome.id, base: first))
        let merged = try repository.read(outcome.id)
        #expect(merged.commit.parents == [second, third])
        #expect(merged.commit.version == 2)
        #expect(
            Self.statistics(merged.parts).mapValues(\.calls)
                == ["git/status": 10, "git/commit": 20, "git/push": 30])
        let reverted = try repository.revert(
            LearnerModel.model, second, kinds: [LearnerModel()], metadata: metadata)
        #expect(
            Self.statistics(try repository.read(reverted).parts).mapValues(\.calls)
                == ["git/status": 10, "git/push": 30])
        #expect(try repository.reader.fsck().isSound)
    }
}
