import Rings
import SharedMemory
import TestSupport
import Testing

@testable import Orchestration

@Suite("The learner at work") struct LearnerDeskTests {
    @Test("Calls become statistics that any process can read") func statistics() throws {
        let region = try Region(loops: 2)
        let own = try LearnerSegment.small()
        let desk = try LearnerDesk(own, core: region.attached, checkpoint: nil)
        for number in 1...100 {
            region.call(
                "log", microseconds: UInt32(number), outcome: number % 10 == 0 ? 1 : 0, loop: number % 2)
        }
        region.flush()
        #expect(desk.read(second: 1) == 100)
        #expect(desk.read(second: 1) == 0)
        desk.publish(second: 1)
        let value = try #require(try own.statistics("log"))
        #expect(value.calls == 100)
        #expect(value.errors == 10)
        #expect(abs(value.medianMicroseconds - 50) <= 1)
        #expect(value.longestMicroseconds == 100)
    }

    @Test("What is not flushed is not seen, and what a ring's end divides is read in one turn")
    func wrapping()
        throws
    {
        let region = try Region(records: 64)
        let desk = try LearnerDesk(try .small(), core: region.attached, checkpoint: nil)
        for _ in 0..<10 { region.call("t") }
        #expect(desk.read(second: 1) == 0)
        region.flush()
        #expect(desk.read(second: 1) == 10)
        for _ in 0..<60 { region.call("t") }
        region.flush()
        #expect(desk.read(second: 1) == 60)
    }

    @Test("Every record is observed, rejected or counted as lost, whatever the overruns", arguments: 1...20)
    func accounts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let region = try Region(loops: 3, records: 64)
        let own = try LearnerSegment.small()
        let desk = try LearnerDesk(own, core: region.attached, checkpoint: nil)
        var published: UInt64 = 0
        for _ in 0..<60 {
            for loop in 0..<3 {
                let count = Int.random(in: 0...150, using: &random)
                published += UInt64(count)
                // An outcome that no gateway writes now and then.
                for _ in 0..<count {
                    region.call(
                        "t", outcome: Int.random(in: 0...20, using: &random) == 0 ? 99 : 0, loop: loop)
                }
            }
            region.flush()
            if Bool.random(using: &random) { _ = desk.read(second: 1) }
        }
        while desk.read(second: 1) > 0 {}
        let counts = desk.state.counts
        #expect(counts.records + counts.rejected + counts.lost == published, "seed \(seed)")
        #expect(counts.lost > 0)
        let cursors = try CursorView(own.segment.section(.cursors)!.reading).entries()
        #expect(cursors.reduce(0) { $0 + $1.position } == published)
        #expect(cursors.reduce(0) { $0 + $1.lost } == counts.lost)
    }

    @Test("Killed at any moment, the next learner counts every call once", arguments: 1...30)
    func killed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let region = try Region(loops: 2, records: 4096)
        var checkpoint: Checkpoint?
        var calls: UInt64 = 0
        var desk = try LearnerDesk(try .small(), core: region.attached, checkpoint: nil)
        for _ in 0..<40 {
            let count = Int.random(in: 0...50, using: &random)
            calls += UInt64(count)
            for _ in 0..<count { region.call("t", loop: Int.random(in: 0...1, using: &random)) }
            region.flush()
            _ = desk.read(second: 1)
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: checkpoint = Checkpoint(desk.checkpoint().encoded)
            case 2: desk = try LearnerDesk(try .small(), core: region.attached, checkpoint: checkpoint)
            default: break
            }
        }
        while desk.read(second: 1) > 0 {}
        #expect(desk.state.tools.entries.map(\.statistics.calls) == [calls], "seed \(seed)")
        #expect(desk.state.counts.lost == 0)
    }

    @Test("What a ring lost while there was no learner is counted when one comes back") func overrun() throws
    {
        let region = try Region(records: 64)
        let first = try LearnerDesk(try .small(), core: region.attached, checkpoint: nil)
        for _ in 0..<10 { region.call("t") }
        region.flush()
        _ = first.read(second: 1)
        for _ in 0..<200 { region.call("t") }
        region.flush()
        let own = try LearnerSegment.small()
        let second = try LearnerDesk(own, core: region.attached, checkpoint: first.checkpoint())
        while second.read(second: 1) > 0 {}
        #expect(second.state.counts.lost == 136)
        #expect(second.state.counts.records == 74)
    }

    @Test("What was learned at one gateway stays at the next; what is counted of its rings begins anew")
    func otherGeneration() throws {
        let old = try Region()
        let desk = try LearnerDesk(try .small(), core: old.attached, checkpoint: nil)
        for _ in 0..<10 { old.call("t") }
        old.flush()
        _ = desk.read(second: 1)
        let new = try Region()
        new.call("u")
        new.flush()
        let next = try LearnerDesk(try .small(), core: new.attached, checkpoint: desk.checkpoint())
        _ = next.read(second: 1)
        #expect(next.state.tools.entries.map(\.tool) == ["t", "u"])
        #expect(next.state.tools.totals.calls == 11)
        #expect(next.state.counts.records == 1)
    }

    @Test("A segment that is no gateway's is refused") func notCore() throws {
        let worker = try Worker("w")
        #expect(throws: LearnerFault.incomplete(segment: "w")) {
            try LearnerDesk(try .small(), core: worker.attached, checkpoint: nil)
        }
    }
}
