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

    @Test("A version that was not written is made again, and one of a person is taken over")
    func undone() throws {
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
}
