import ModelHistory
import Storage
import TestSupport
import Testing

@testable import Orchestration

@Suite("Versions that a learner keeps") struct VersionKeeperTests {
    private static func call(_ count: Int, _ region: Region, _ desk: LearnerDesk) {
        for _ in 0..<count { region.call("t") }
        region.flush()
        while desk.read(second: 1) > 0 {}
    }

    @Test("A version whose write failed and that is there all the same is its own: no call since is lost")
    func doubtful() throws {
        let region = try Region()
        let kept = KeptVersions(try LearnerDesk(try .small(), core: region.attached, checkpoint: nil))
        Self.call(10, region, kept.desk)
        kept.pass(seconds: 4)
        #expect(try kept.newest()?.calls == 10)
        Self.call(10, region, kept.desk)
        kept.failSync()
        kept.pass(seconds: 1)
        while kept.keeper.duty.fault.isEmpty { kept.pass(seconds: 1) }
        Self.call(10, region, kept.desk)
        kept.pass(seconds: 3)
        #expect(kept.keeper.duty.fault.isEmpty)
        #expect(kept.desk.state.tools.totals.calls == 30)
        kept.pass(seconds: 4)
        let newest = try #require(try kept.newest())
        #expect(newest.calls == 30 && newest.commit.version == 2)
    }

    @Test("What was read while a version was in doubt is in the one at the learner's end") func doubtfulEnd()
        throws
    {
        let region = try Region()
        let kept = KeptVersions(try LearnerDesk(try .small(), core: region.attached, checkpoint: nil))
        Self.call(10, region, kept.desk)
        kept.pass(seconds: 4)
        Self.call(10, region, kept.desk)
        kept.failSync()
        while kept.keeper.duty.doubt == nil { kept.pass(seconds: 1) }
        Self.call(10, region, kept.desk)
        kept.reopen()
        kept.end()
        let newest = try #require(try kept.newest())
        #expect(newest.calls == 30 && newest.commit.version == 2)
    }

    @Test("A version that was not written is made again, and a person's is taken over") func undone() throws {
        let region = try Region()
        let kept = KeptVersions(try LearnerDesk(try .small(), core: region.attached, checkpoint: nil))
        Self.call(10, region, kept.desk)
        kept.pass(seconds: 4)
        let first = try #require(try kept.newest()).commit
        Self.call(10, region, kept.desk)
        kept.failWrite()
        while kept.keeper.duty.doubt == nil { kept.pass(seconds: 1) }
        Self.call(10, region, kept.desk)
        kept.pass(seconds: 6)
        #expect(try kept.newest()?.calls == 30)
        #expect(try kept.newest()?.commit.version == 1)
        try kept.rollback()
        kept.pass(seconds: 2)
        #expect(kept.desk.state.tools.totals.calls == 10)
        #expect(kept.keeper.duty.version == first.version)
    }

    @Test("What was learned while the store was away is added to the version found") func away() throws {
        let journaled = try Journaled()
        let kept = KeptVersions(try journaled.learner(nil), journal: journaled.source)
        func call(_ count: Int) {
            for _ in 0..<count { journaled.region.call("t") }
            journaled.region.flush()
            while kept.desk.read(second: 1) > 0 {}
        }
        call(30)
        journaled.journal()
        kept.pass(seconds: 4)
        #expect(try kept.newest()?.calls == 30)
        // These are in no version and in the journal.
        call(7)
        journaled.journal()
        // The machine starts again: there is no state, and the disk is full, for the journal too.
        kept.takeAway()
        try journaled.restartGateway()
        kept.restart(try journaled.learner(nil), nil)
        for _ in 0..<30 {
            call(10)
            kept.pass(seconds: 1)
        }
        #expect(kept.desk.state.tools.totals.calls == 300, "what others have had is not asked for yet")
        kept.home.refuse(nil)
        kept.pass(seconds: 12)
        #expect(kept.desk.state.tools.totals.calls == 337)
        #expect(kept.desk.state.counts.records == 300 && kept.desk.state.counts.recovered == 7)
        call(1)
        kept.pass(seconds: 4)
        #expect(try kept.newest()?.calls == 338)
        // From there the next one goes on.
        journaled.journal()
        kept.restart(try journaled.learner(nil), nil)
        while kept.desk.read(second: 1) > 0 {}
        kept.pass(seconds: 12)
        #expect(kept.desk.state.tools.totals.calls == 338)
    }

    @Test("A learner that was killed before a version has its calls makes one, though none comes after")
    func killed() throws {
        let region = try Region()
        let kept = KeptVersions(try LearnerDesk(try .small(), core: region.attached, checkpoint: nil))
        Self.call(10, region, kept.desk)
        kept.pass(seconds: 4)
        let first = try #require(try kept.newest()).commit
        Self.call(5, region, kept.desk)
        let checkpoint = try #require(kept.checkpoint)
        kept.restart(try LearnerDesk(try .small(), core: region.attached, checkpoint: checkpoint), checkpoint)
        kept.pass(seconds: 4)
        let newest = try #require(try kept.newest())
        #expect(newest.calls == 15 && newest.commit.version == 1)
        #expect(newest.commit.window.from > first.window.to)
    }

    @Test(
        "Whatever is killed when, and whenever the disk fails, every journaled call is in a version once",
        arguments: 1...40)
    func faults(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let journaled = try Journaled()
        let kept = KeptVersions(try journaled.learner(nil), journal: journaled.source)
        var checkpoint: Checkpoint?
        var calls: UInt64 = 0
        for _ in 0..<60 {
            let count = Int.random(in: 0...50, using: &random)
            calls += UInt64(count)
            for _ in 0..<count { journaled.region.call("t", loop: Int.random(in: 0...1, using: &random)) }
            journaled.region.flush()
            journaled.journal()
            switch Int.random(in: 0..<13, using: &random) {
            case 0, 1, 2: _ = kept.desk.read(second: 1)
            case 3, 4, 5: kept.pass(seconds: Int.random(in: 1...5, using: &random))
            case 6: kept.home.refuse(.noSpace(.open))
            case 7: kept.home.refuse(nil)
            case 8:
                let operation = kept.home.disk.operations + Int.random(in: 1...4, using: &random)
                kept.home.disk.fail(operation: operation, .inputOutput)
            case 9: checkpoint = kept.checkpoint
            case 10: kept.restart(try journaled.learner(checkpoint), checkpoint)
            case 11:
                checkpoint = nil
                kept.restart(try journaled.learner(nil), nil)
            default:
                try journaled.restartGateway()
                kept.restart(try journaled.learner(checkpoint), checkpoint)
            }
        }
        kept.home.refuse(nil)
        for second in 0..<400 where second < 16 || !kept.desk.recovery.isIdle {
            while kept.desk.read(second: 1) > 0 {}
            kept.pass(seconds: 1)
        }
        kept.pass(seconds: 4)
        #expect(kept.desk.state.tools.totals.calls == calls, "seed \(seed)")
        #expect(try kept.newest()?.calls ?? 0 == calls, "seed \(seed)")
    }
}
