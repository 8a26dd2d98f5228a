import Rings
import SharedMemory
import TestSupport
import Testing

@Suite("Command rings") struct CommandRingTests {
    /// A writer's segment, its reader's, and the cursor between them.
    struct Pair {
        let writer: RingSegment
        let reader: RingSegment
        let view: CursorView

        init(laneBytes: UInt64 = 4096) throws {
            writer = try RingSegment(RingSegment.plan(kind: .learner, laneBytes: laneBytes))
            reader = try RingSegment()
            view = try CursorView(reader.section(.cursors))
        }

        func lane(_ lane: UInt8, _ table: inout CursorTable) throws -> (CommandRingReader, PublishedCursor) {
            (
                try CommandRingReader(writer.section(.commandRing, UInt32(lane)), from: .unread),
                try table.take(.commands(lane: lane), generation: writer.owner.generation)
            )
        }
    }

    @Test(
        "Commands arrive whole and in order, whatever their lengths", arguments: 1...30 as ClosedRange<UInt64>
    )
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pair = try Pair(laneBytes: generator.pick([4096, 8192, 16384]))
        var writer = try CommandRingWriter(pair.writer.writable(.commandRing, 1))
        writer.reader = pair.view
        var table = try CursorTable(pair.reader.writable(.cursors))
        var (reader, cursor) = try pair.lane(1, &table)
        var sent: [[UInt8]] = []
        var received = 0
        while received < 500 {
            let body = generator.bytes(
                Int.random(in: 0...(generator.chance(10) ? writer.maximumBodyBytes : 60), using: &generator))
            switch writer.put(kind: UInt16(sent.count & 0xFF), body.span) {
            case .queued(let sequence):
                sent.append(body)
                #expect(sequence == sent.count, "seed \(seed)")
            case .full: #expect(writer.unread > 1024, "seed \(seed)")
            case .tooLong: Issue.record("seed \(seed)")
            }
            guard generator.chance(40) else { continue }
            for _ in 0..<Int.random(in: 1...20, using: &generator) {
                let found: Void? = reader.next { command, body in
                    #expect(command.sequence == received + 1, "seed \(seed)")
                    #expect(command.lane == 1 && command.kind == UInt16(received & 0xFF), "seed \(seed)")
                    #expect((0..<body.count).map { body[$0] } == sent[received], "seed \(seed)")
                }
                if found == nil { break }
                received += 1
            }
            cursor.advance(to: reader.position)
        }
        #expect(reader.damaged == 0, "seed \(seed)")
    }

    @Test("A full ring refuses until its reader went on, and overwrites nothing") func backPressure() throws {
        let pair = try Pair()
        var writer = try CommandRingWriter(pair.writer.writable(.commandRing, 0))
        let body = [UInt8](repeating: 1, count: 1000)
        var queued = 0
        while case .queued = writer.put(kind: 1, body.span) { queued += 1 }
        #expect(queued == 4)
        #expect(writer.put(kind: 1, body.span) == .full)
        writer.reader = pair.view
        #expect(writer.put(kind: 1, body.span) == .full)
        var table = try CursorTable(pair.reader.writable(.cursors))
        var (reader, cursor) = try pair.lane(0, &table)
        #expect(reader.next { command, _ in command.sequence } == 1)
        #expect(writer.put(kind: 1, body.span) == .full)
        cursor.advance(to: reader.position)
        #expect(writer.put(kind: 1, body.span) == .queued(sequence: 5))
        #expect((2...5).map { _ in reader.next { command, _ in command.sequence } } == [2, 3, 4, 5])
        #expect(reader.next { _, _ in () } == nil)
    }

    @Test("A restarted reader goes on where the writer knows that the last one was", arguments: [0, 3, 5])
    func resumed(read: Int) throws {
        let pair = try Pair()
        var writer = try CommandRingWriter(pair.writer.writable(.commandRing, 0))
        writer.reader = pair.view
        var table = try CursorTable(pair.reader.writable(.cursors))
        let body = [UInt8](repeating: 1, count: 1000)
        let (first, cursor) = try pair.lane(0, &table)
        var killed = first
        for round in 0..<5 {
            #expect(writer.put(kind: 1, body.span) == .queued(sequence: UInt64(round + 1)))
            if round < read { _ = killed.next { _, _ in () } }
            cursor.advance(to: killed.position)
            if round == 3, read == 0 { break }
        }
        // Its cursor goes with its process; the writer looked at it last before its last command.
        table.release(cursor)
        var (second, _) = try pair.lane(0, &table)
        let sequences = (0..<8).compactMap { _ in second.next { command, _ in command.sequence } }
        #expect(sequences == (read == 0 ? [1, 2, 3, 4] : read == 3 ? [4, 5] : [5]))
        #expect(second.damaged == 0)
    }

    @Test("A reader whose place was overwritten since goes on where the writer knows that another was")
    func overtaken() throws {
        let pair = try Pair()
        var writer = try CommandRingWriter(pair.writer.writable(.commandRing, 0))
        writer.reader = pair.view
        var table = try CursorTable(pair.reader.writable(.cursors))
        let body = [UInt8](repeating: 1, count: 1000)
        var (first, cursor) = try pair.lane(0, &table)
        let checkpoint = first.position
        for _ in 0..<4 { _ = writer.put(kind: 1, body.span) }
        var (early, _) = try pair.lane(0, &table)
        for _ in 0..<3 { _ = first.next { _, _ in () } }
        cursor.advance(to: first.position)
        // Two of the three that were read are overwritten; the fourth and these were not read.
        for _ in 0..<2 { _ = writer.put(kind: 1, body.span) }
        let section = try pair.writer.section(.commandRing, 0)
        var late = try CommandRingReader(section, from: .at(checkpoint))
        var unaligned = try CommandRingReader(section, from: .at(checkpoint + 4))
        let read = { (reader: inout CommandRingReader) in
            (0..<8).compactMap { _ in reader.next { command, _ in command.sequence } }
        }
        #expect(read(&early) == [4, 5, 6] && early.damaged == 0)
        #expect(read(&late) == [4, 5, 6] && late.damaged == 0)
        #expect(read(&unaligned) == [4, 5, 6] && unaligned.damaged == 0)
    }

    @Test("A cursor that can't be true is not believed", arguments: [1, 4097, UInt64.max])
    func lies(position: UInt64) throws {
        let pair = try Pair()
        var writer = try CommandRingWriter(pair.writer.writable(.commandRing, 0))
        writer.reader = pair.view
        let body = [UInt8](repeating: 1, count: 1000)
        while case .queued = writer.put(kind: 1, body.span) {}
        var table = try CursorTable(pair.reader.writable(.cursors))
        let (_, cursor) = try pair.lane(0, &table)
        cursor.advance(to: position)
        #expect(writer.put(kind: 1, body.span) == .full)
    }

    @Test("A body longer than a quarter of the ring is refused for good") func tooLong() throws {
        let pair = try Pair()
        var writer = try CommandRingWriter(pair.writer.writable(.commandRing, 0))
        let body = [UInt8](repeating: 1, count: 1025)
        #expect(writer.put(kind: 1, body.span) == .tooLong(maximum: 1024))
    }

    @Test("The urgent lane is first, and the others get their part of every turn") func lanes() throws {
        let pair = try Pair(laneBytes: 65536)
        var table = try CursorTable(pair.reader.writable(.cursors))
        let body: [UInt8] = []
        for lane in 0..<3 as Range<UInt32> {
            var writer = try CommandRingWriter(pair.writer.writable(.commandRing, lane))
            for _ in 0..<100 { _ = writer.put(kind: 1, body.span) }
        }
        var queue = CommandQueue(try (0..<3).map { try pair.lane($0, &table) })
        var lanes: [UInt8] = []
        #expect(queue.drain(limit: 16) { command, _ in lanes.append(command.lane) } == 16)
        #expect(lanes == Array(repeating: 0, count: 10) + [1, 1, 1, 1] + [2, 2])
        while queue.drain(limit: 16, { command, _ in lanes.append(command.lane) }) > 0 {}
        #expect(lanes.count == 300)
        #expect(pair.view.commands(lane: 2, generation: pair.writer.owner.generation)?.position == 2400)
    }
}
