import Identifiers
import Storage
import TestSupport
import Testing

@testable import Journal

@Suite("A follower of the journal") struct JournalFollowerTests {
    private let now: UInt64 = 1_800_000_000_000_000

    private func all(
        _ follower: JournalFollower, _ stream: JournalFollower.Stream, from first: UInt64 = 1,
        through last: UInt64? = nil, limit: Int = 7
    ) throws -> [JournaledCall] {
        var calls: [JournaledCall] = []
        var next = first
        while true {
            let part = try follower.calls(of: stream, from: next, through: last, limit: limit)
            calls += part.calls
            guard part.next > next, !part.isAtEnd else { return calls }
            next = part.next
        }
    }

    @Test("gives out what a loop wrote in the loop's order, whatever the times of the calls") func order()
        throws
    {
        var generator = SeededGenerator(seed: 29)
        let rig = try JournalRig()
        for _ in 0..<12 {
            for _ in 0..<Int.random(in: 1...9, using: &generator) {
                rig.call(at: UInt64.random(in: 1...1000, using: &generator))
            }
            _ = rig.worker.turn(now: now)
        }
        let follower = JournalFollower(try #require(rig.home.store))
        let streams = try follower.streams(after: 0, before: .max)
        let stream = try #require(streams.first)
        #expect(streams == [JournalFollower.Stream(generation: rig.generation, loop: 0)])
        let count = try rig.messages().count
        let calls = try all(follower, stream)
        #expect(calls.map(\.sequence) == (1...UInt64(count)).map { $0 })
        let call = try #require(calls.first)
        #expect(call.server == "git" && call.tool == "git__log" && call.method == "tools/call")
        #expect(call.outcome == .ok && call.durationMicroseconds == 500 && call.resultBytes == 14)
        #expect(
            try all(follower, stream, from: 5, through: 9, limit: 2).map(\.sequence) == [5, 6, 7, 8, 9])
        #expect(try follower.streams(after: rig.generation, before: .max).isEmpty)
        #expect(try follower.streams(after: 0, before: rig.generation).isEmpty)
    }

    @Test("passes over what the journal lost, and says where it ends") func gap() throws {
        let rig = try JournalRig(records: 16)
        for time in 0..<4 { rig.call(at: UInt64(time) + 1) }
        _ = rig.worker.turn(now: now)
        for time in 0..<40 { rig.call(at: UInt64(time) + 10) }
        while rig.worker.turn(now: now) > 0 {}
        let follower = JournalFollower(try #require(rig.home.store))
        let stream = JournalFollower.Stream(generation: rig.generation, loop: 0)
        #expect(try all(follower, stream).map(\.sequence) == [1, 2, 3, 4] + Array(29...44))
        let end = try follower.calls(of: stream, from: 45, through: nil, limit: 9)
        #expect(end.calls.isEmpty && end.isAtEnd && end.next == 45)
        let across = try follower.calls(of: stream, from: 3, through: 20, limit: 9)
        #expect(across.calls.map(\.sequence) == [3, 4] && across.next == 21)
    }

    @Test("finds nothing of calls that are kept no longer, nor of what is no run") func forgotten() throws {
        var settings = JournalSettings()
        settings.retention = .seconds(100)
        let rig = try JournalRig(settings)
        let start = WallClock.microseconds
        rig.call(at: start)
        _ = rig.worker.turn(now: start)
        rig.call(at: start + 650_000_000)
        _ = rig.worker.turn(now: start)
        let store = try #require(rig.home.store)
        let stream = JournalFollower.Stream(generation: rig.generation, loop: 0)
        #expect(try store.entries(in: .all, of: ObservationJournal.runs, limit: 9).count == 2)
        _ = rig.worker.turn(now: start + 700_000_000)
        #expect(try store.entries(in: .all, of: ObservationJournal.runs, limit: 9).count == 1)
        #expect(try all(JournalFollower(store), stream).map(\.sequence) == [2])
        var batch = WriteBatch()
        batch.put([1, 2, 3], for: [9], in: ObservationJournal.runs)
        batch.put(
            [0xFF], for: JournalRunKey(generation: rig.generation, loop: 0, last: 99).bytes,
            in: ObservationJournal.runs)
        try store.write(batch, .relaxed)
        #expect(try all(JournalFollower(store), stream).map(\.sequence) == [2])
        #expect(try JournalFollower(store).streams(after: 0, before: .max) == [stream])
    }

    @Test("finds every call that a durable journal acknowledged, after a crash of the machine") func durable()
        throws
    {
        for durability in [Durability.durable, .relaxed] {
            var settings = JournalSettings()
            settings.durability = durability
            let rig = try JournalRig(settings)
            for time in 1...5 { rig.call(at: UInt64(time)) }
            while rig.worker.turn(now: now) > 0 {}
            rig.home.disk.restart(keepingUnsynced: 0)
            let store = try MemoryStore(rig.home.disk, families: ObservationJournal.families)
            let stream = JournalFollower.Stream(generation: rig.generation, loop: 0)
            let found = try all(JournalFollower(store), stream).map(\.sequence)
            #expect(found == (durability == .durable ? [1, 2, 3, 4, 5] : []))
        }
    }
}
