import ModelHistory
import TestSupport
import Testing

@testable import Orchestration
@testable import Storage

@Suite("Recovery from the journal") struct RecoveryTests {
    @Test("What a ring lost to the learner is in the state once the journal was read") func overrun() throws {
        let journaled = try Journaled()
        let desk = try journaled.learner(nil)
        for number in 0..<300 {
            journaled.region.call("t", microseconds: UInt32(number), loop: number % 2)
            journaled.region.flush()
            if number % 20 == 0 { journaled.journal() }
        }
        journaled.journal()
        while desk.read(second: 1) > 0 {}
        #expect(desk.state.counts.lost == 172 && desk.state.tools.totals.calls == 128)
        try journaled.recover(desk)
        #expect(desk.state.tools.totals.calls == 300)
        #expect(desk.state.counts.lost == 0 && desk.state.counts.records == 300)
        #expect(desk.state.counts.recovered == 172 && desk.recovery.spans.isEmpty)
        let statistics = try #require(desk.state.tools.entries.first?.statistics)
        #expect(statistics.durations.maximum == 299)
    }

    @Test("What the journal has not either stays counted as lost") func gap() throws {
        let journaled = try Journaled()
        let desk = try journaled.learner(nil)
        for _ in 0..<200 { journaled.region.call("t") }
        journaled.region.flush()
        journaled.journal()
        while desk.read(second: 1) > 0 {}
        try journaled.recover(desk)
        #expect(desk.state.counts.lost == 136 && desk.state.counts.recovered == 0)
        #expect(desk.state.tools.totals.calls == 64)
    }

    @Test("Whatever is killed when, every journaled call is in the state once", arguments: 1...40)
    func killed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let journaled = try Journaled()
        var desk = try journaled.learner(nil)
        var checkpoint: Checkpoint?
        var calls: UInt64 = 0
        for _ in 0..<60 {
            let count = Int.random(in: 0...50, using: &random)
            calls += UInt64(count)
            for _ in 0..<count {
                journaled.region.call("t", loop: Int.random(in: 0...1, using: &random))
            }
            journaled.region.flush()
            journaled.journal()
            switch Int.random(in: 0..<12, using: &random) {
            case 0, 1, 2: _ = desk.read(second: 1)
            case 3, 4: checkpoint = Checkpoint(desk.checkpoint().encoded)
            case 5, 6: for _ in 0..<5 { _ = try journaled.answer(desk) }
            case 7, 8: desk = try journaled.learner(checkpoint)
            case 9:
                try journaled.restartGateway()
                desk = try journaled.learner(checkpoint)
            case 10:
                // The learner reads on after its gateway has ended, and saves.
                while desk.read(second: 1) > 0 {}
                checkpoint = desk.checkpoint()
                try journaled.restartGateway()
                desk = try journaled.learner(checkpoint)
            default: break
            }
        }
        while desk.read(second: 1) > 0 {}
        try journaled.recover(desk)
        #expect(desk.state.tools.totals.calls == calls, "seed \(seed)")
        #expect(desk.recovery.spans.isEmpty && desk.state.counts.lost == 0, "seed \(seed)")
    }

    @Test("A state begins with a version and reads again what came after it, and only that") func resumed()
        throws
    {
        let journaled = try Journaled()
        let repository = ModelRepository(try MemoryStore(families: ModelRepository.families))
        let archivist = Archivist(repository, journal: nil)
        let first = try journaled.learner(nil)
        for _ in 0..<30 { journaled.region.call("t") }
        journaled.region.flush()
        journaled.journal()
        _ = first.read(second: 1)
        archivist.commit(first.draft(), after: nil)
        archivist.finish(within: .seconds(60))
        guard case .committed(let id, let version, _) = archivist.takeNews() else {
            Issue.record("no version was made")
            return
        }
        #expect(version == 0)
        for _ in 0..<100 {
            journaled.region.call("t")
            journaled.region.flush()
            journaled.journal()
        }
        // Killed, with its state.
        let second = try journaled.learner(nil)
        archivist.look(known: .none)
        archivist.finish(within: .seconds(60))
        guard case .found(let head?) = archivist.takeNews() else {
            Issue.record("HEAD was not found")
            return
        }
        #expect(head.id == id)
        while second.read(second: 1) > 0 {}
        second.resume(head)
        while second.read(second: 1) > 0 {}
        try journaled.recover(second)
        #expect(second.state.tools.totals.calls == 130)
        #expect(second.state.counts.records == 130 && second.state.counts.lost == 0)
        second.replace(head)
        #expect(second.state.tools.totals.calls == 30, "HEAD was put back; what was read stays read")
        journaled.region.call("t")
        journaled.region.flush()
        while second.read(second: 1) > 0 {}
        try journaled.recover(second)
        #expect(second.state.tools.totals.calls == 31)
    }

    @Test("Versions are made and looked for in turn, and a moved HEAD is told from the own one") func duty() {
        var duty = VersionDuty(base: nil, interval: 10_000_000_000, now: 0)
        #expect(duty.step(now: 0, isChanged: true) == .look)
        #expect(duty.step(now: 20_000_000_000, isChanged: true) == nil, "one thing after the other")
        _ = duty.take(.failed("closed"), now: 100)
        #expect(duty.fault.isEmpty, "a store that is being opened is no news")
        #expect(
            duty.step(now: 20_000_000_000, isChanged: true) == .look, "nothing is made before HEAD is known")
        _ = duty.take(.failed("full"), now: 20_000_000_000)
        #expect(duty.fault == "full")
        _ = duty.take(.found(nil), now: 21_000_000_000)
        #expect(duty.fault.isEmpty && duty.hasResumed)
        #expect(duty.step(now: 21_000_000_000, isChanged: true) == .commit)
        let id = ObjectID(of: [1], .commit)
        _ = duty.take(.committed(id, version: 0, microseconds: 9), now: 21_000_000_001)
        #expect(duty.base == id && duty.microseconds == 9)
        #expect(duty.step(now: 40_000_000_000, isChanged: false) == .look, "nothing is new")
        let moved = HeadVersion(
            id: ObjectID(of: [2], .commit), version: 3, microseconds: 5, tools: ToolTable(), positions: nil)
        guard case .replace = duty.take(.found(moved), now: 40_000_000_001) else {
            Issue.record("somebody moved HEAD")
            return
        }
        #expect(duty.base == moved.id && duty.version == 3)
    }
}
