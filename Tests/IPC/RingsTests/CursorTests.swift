import Rings
import SharedMemory
import Testing

@Suite("Cursors") struct CursorTests {
    @Test("Others see each reader's stream, position and losses") func entries() throws {
        let segment = try RingSegment()
        let view = try CursorView(segment.section(.cursors))
        var table = try CursorTable(segment.writable(.cursors))
        #expect(view.entries().isEmpty)
        let first = try table.take(.observations(loop: 3), generation: 7)
        _ = try table.take(.commands(worker: 2, lane: 1), generation: 8, position: 24)
        first.advance(to: 100, lost: 5)
        let entries = view.entries()
        #expect(entries.map(\.stream.loop) == [3, 2 << 8 | 1])
        #expect(entries.map(\.generation) == [7, 8])
        #expect(entries.map(\.position) == [100, 24])
        #expect(entries.map(\.lost) == [5, 0])
        #expect(view.commands(lane: 1, generation: 8)?.position == 24)
        #expect(view.commands(lane: 1, generation: 7) == nil)
        table.release(first)
        #expect(view.entries().map(\.position) == [24])
    }

    @Test("The 65th cursor is refused, and a released entry is taken again") func bound() throws {
        let segment = try RingSegment()
        var table = try CursorTable(segment.writable(.cursors))
        let cursors = try (0..<64 as Range<UInt32>).map {
            try table.take(.observations(loop: $0), generation: 1)
        }
        #expect(throws: RingError.cursorsTaken) { try table.take(.observations(loop: 64), generation: 1) }
        table.release(cursors[9])
        #expect(throws: Never.self) { try table.take(.observations(loop: 64), generation: 1) }
    }
}
