import Glibc
import Rings
import SharedMemory
import SharedState
import TestSupport
import Testing

@testable import Orchestration

@Suite("Workers of the learner") struct LearnerCommandsTests {
    @Test("Predictions, writes and deletions of workers change the learner's table") func changes() throws {
        let region = try Region()
        let own = try LearnerSegment.small()
        let desk = try LearnerDesk(own, core: region.attached, checkpoint: nil)
        let worker = try Worker("w")
        desk.attend(to: [worker.attached])
        _ = worker.predict("log")
        _ = worker.put(3, [3, 0] + Array("k/1".utf8) + [7, 8])
        #expect(desk.read(second: 1) == 2)
        let view = try own.view()
        #expect(view.value("prediction/t/log")?.bytes.first == UInt8(ascii: "{"))
        #expect(view.value("k/1")?.bytes == [7, 8])
        _ = worker.put(4, Array("k/1".utf8))
        _ = desk.read(second: 1)
        #expect(view.value("k/1") == nil)
        #expect(desk.state.counts.commands == 3)
    }

    @Test("What a worker may not do is refused and counted, and changes nothing") func refused() throws {
        let region = try Region()
        let own = try LearnerSegment.small()
        let desk = try LearnerDesk(own, core: region.attached, checkpoint: nil)
        let worker = try Worker("w")
        desk.attend(to: [worker.attached])
        _ = worker.put(3, [11, 0] + Array("stat/s/t/xx".utf8) + [1])
        _ = worker.put(2, Array("nonsense".utf8))
        _ = worker.put(99, [])
        #expect(desk.read(second: 1) == 3)
        #expect(desk.state.counts.refusedCommands == 3)
        #expect(try own.view().snapshot(prefix: Array("stat/".utf8)).isEmpty)
    }

    @Test("A worker that the learner keeps up with never waits, and hears of it where it does not")
    func pressure()
        throws
    {
        let region = try Region()
        let own = try LearnerSegment.small()
        let desk = try LearnerDesk(own, core: region.attached, checkpoint: nil)
        let worker = try Worker("w")
        try worker.listen(to: own)
        desk.attend(to: [worker.attached])
        var queued = 0
        for _ in 0..<20 {
            while case .queued = worker.predict("s\(queued)") { queued += 1 }
            #expect(worker.predict("s") == .full)
            while desk.read(second: 1) > 0 {}
        }
        #expect(queued > 1000)
        #expect(desk.state.counts.predictions == UInt64(queued))
    }

    @Test("Messages are passed on in their lane") func messages() throws {
        let region = try Region()
        let own = try LearnerSegment.small()
        let desk = try LearnerDesk(own, core: region.attached, checkpoint: nil)
        let worker = try Worker("w")
        desk.attend(to: [worker.attached])
        _ = worker.put(1, Array(#"{"a":1}"#.utf8), lane: 0)
        _ = desk.read(second: 1)
        var reader = try CommandRingReader(own.segment.section(.commandRing, 0)!.reading, from: .unread)
        let body = reader.next { command, body in
            (command.kind, (0..<body.count).map { body[$0] })
        }
        #expect(body?.0 == 1)
        #expect(body?.1 == Array(#"{"a":1}"#.utf8))
    }

    @Test("Workers come and go, and each is read from where it was left", arguments: 1...20)
    func comingAndGoing(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let region = try Region()
        let workers = try (0..<5).map { try Worker("w\($0)", laneBytes: 65_536) }
        var desk = try LearnerDesk(try .small(), core: region.attached, checkpoint: nil)
        var put: UInt64 = 0
        for _ in 0..<50 {
            desk.attend(to: workers.filter { _ in Bool.random(using: &random) }.map(\.attached))
            for worker in workers where Bool.random(using: &random) {
                guard case .queued = worker.predict("s", lane: Int.random(in: 0...2, using: &random)) else {
                    continue
                }
                put += 1
            }
            _ = desk.read(second: 1)
            if Int.random(in: 0..<8, using: &random) == 0 {
                let checkpoint = try #require(Checkpoint(desk.checkpoint().encoded))
                desk = try LearnerDesk(try .small(), core: region.attached, checkpoint: checkpoint)
            }
        }
        desk.attend(to: workers.map(\.attached))
        while desk.read(second: 1) > 0 {}
        #expect(desk.state.counts.predictions == put, "seed \(seed)")
    }

    @Test("A learner that goes on from an old checkpoint reads all that the one before it had not") func old()
        throws
    {
        let region = try Region()
        let own = try LearnerSegment.small()
        let desk = try LearnerDesk(own, core: region.attached, checkpoint: nil)
        let worker = try Worker("w")
        try worker.listen(to: own)
        desk.attend(to: [worker.attached])
        let checkpoint = try #require(Checkpoint(desk.checkpoint().encoded))
        // The ring comes round some times since the checkpoint.
        for _ in 0..<5 {
            while case .queued = worker.predict("read") {}
            while desk.read(second: 1) > 0 {}
        }
        for number in 0..<3 { #expect(worker.predict("unread \(number)") != .full) }
        let second = try LearnerSegment.small()
        let next = try LearnerDesk(second, core: region.attached, checkpoint: checkpoint)
        next.attend(to: [worker.attached])
        while next.read(second: 1) > 0 {}
        for number in 0..<3 { #expect(try second.view().contains("prediction/t/unread \(number)")) }
    }

    @Test("Workers whose lanes can't be read take no cursors away from the others") func malformed() throws {
        let region = try Region()
        let own = try LearnerSegment.small()
        let desk = try LearnerDesk(own, core: region.attached, checkpoint: nil)
        let good = (0..<2 as Range<UInt32>).map { SectionPlan.commandRing(lane: $0, within: 256 + 8192) }
        let bad = SectionPlan(kind: .commandRing, index: 2, bytes: 8192, recordBytes: 1, capacity: 5000)
        for _ in 0..<40 {
            let segment = try Segment.anonymous(
                try SegmentPlan(kind: .worker, name: "bad", sections: good + [bad, .cursors()]))
            try segment.goLive()
            desk.attend(to: [try AttachedSegment.anonymous(dup(segment.descriptor))])
        }
        let worker = try Worker("w")
        desk.attend(to: [worker.attached])
        #expect(worker.predict("s") != .full)
        #expect(desk.read(second: 1) == 1)
    }

    @Test("More workers than may be are left out") func manyWorkers() throws {
        let region = try Region()
        let workers = try (0..<12).map { try Worker("w\($0)") }
        let desk = try LearnerDesk(try .small(), core: region.attached, checkpoint: nil)
        desk.attend(to: workers.map(\.attached))
        for worker in workers { _ = worker.predict("s") }
        #expect(desk.read(second: 1) == 8)
        desk.attend(to: [])
        desk.attend(to: workers.suffix(4).map(\.attached))
        #expect(desk.read(second: 1) == 4)
    }
}
