import Foundation
import Rings
import SharedMemory
import TestSupport
import Testing

@Suite("Killed and stopped processes", .serialized, .timeLimit(.minutes(60)))
struct KilledProcessTests {
    /// Thousands in a soak, by ATTUNE_SOAK_KILLS.
    static let kills =
        ProcessInfo.processInfo.environment["ATTUNE_SOAK_KILLS"].flatMap(UInt64.init) ?? 30

    @Test("A writer killed at any instant leaves whole records, exact accounts and a segment to read")
    func writerKilled() throws {
        let directory = try PrivateDirectory()
        var generation: UInt64 = 0
        var bytesSeen = 0
        for seed in 1...Self.kills {
            var generator = SeededGenerator(seed: seed)
            let writer = try RingProcess("observe", directory.path)
            try #require(writer.line() == "live", "seed \(seed)")
            let segment = try AttachedSegment.file("\(directory.path)/core.segment")
            #expect(segment.header.generation > generation, "a restarted owner begins a new generation")
            generation = segment.header.generation
            var reader = try ObservationRingReader(
                #require(segment.section(.observationRing)), from: .beginning)
            let payloads = try PayloadRingReader(#require(segment.section(.payloadRing)))
            var accounts = Accounts(seed: seed)
            // By the writer's progress and not by this process's: else most are killed before their first.
            let instant = UInt64.random(in: 0...2000, using: &generator)
            while reader.position < instant {
                try accounts.read(&reader, payloads)
                if reader.lag == 0 { sched_yield() }
            }
            writer.killed()
            #expect(!segment.header.owner.isRunning, "seed \(seed)")
            while reader.lag > 0 { try accounts.read(&reader, payloads) }
            #expect(accounts.got + reader.lost == reader.published, "seed \(seed)")
            #expect(reader.damaged == 0, "seed \(seed)")
            // What is left has its payloads, now that nobody overwrites them, but for those of the last turn.
            var last = try ObservationRingReader(
                #require(segment.section(.observationRing)), from: .beginning)
            var left: [ObservationRecord] = []
            while try last.read(limit: 100, into: &left) > 0 {}
            for record in left { bytesSeen += accounts.check(record, payloads) }
        }
        #expect(bytesSeen > 0)
    }

    /// What a reader got, checked as it comes.
    struct Accounts {
        let seed: UInt64
        var got: UInt64 = 0
        private var records: [ObservationRecord] = []
        private var last: UInt64 = 0

        init(seed: UInt64) { self.seed = seed }

        mutating func read(_ reader: inout ObservationRingReader, _ payloads: PayloadRingReader) throws {
            records.removeAll(keepingCapacity: true)
            got += UInt64(try reader.read(limit: 100, into: &records))
            #expect(records.allSatisfy { $0.isWhole }, "seed \(seed)")
            for record in records {
                if record.sequence <= last { Issue.record("seed \(seed): \(record.sequence) after \(last)") }
                last = record.sequence
            }
            if let record = records.last { _ = check(record, payloads) }
        }

        /// How many bytes of a call are there, all of them the writer's.
        func check(_ record: ObservationRecord, _ payloads: PayloadRingReader) -> Int {
            guard let payload = payloads.payload(of: record) else { return 0 }
            let bytes = payload.params + payload.result
            let start = Int(record.durationMicroseconds)
            #expect(
                bytes == (start..<start + bytes.count).map { UInt8(truncatingIfNeeded: $0 &* 31) },
                "seed \(seed)")
            #expect(XXHash64.hash(payload.params.span) == record.argumentHash || payload.params.isEmpty)
            return bytes.count
        }
    }

    @Test("A writer of commands killed at any instant leaves whole commands only") func commandWriterKilled()
        throws
    {
        let directory = try PrivateDirectory()
        let own = try Segment.file(
            SegmentPlan(kind: .core, name: "core", sections: [.cursors()]), in: directory.path)
        try own.goLive()
        var table = try CursorTable(#require(own.section(.cursors)))
        var commands = 0
        for seed in 1...Self.kills {
            var generator = SeededGenerator(seed: seed)
            let writer = try RingProcess("command", directory.path)
            try #require(writer.line() == "live", "seed \(seed)")
            let segment = try AttachedSegment.file("\(directory.path)/learner.segment")
            let cursors = try (0..<2 as Range<UInt8>).map {
                try table.take(.commands(lane: $0), generation: segment.header.generation)
            }
            var queue = CommandQueue(
                try (0..<2).map { lane in
                    (
                        try CommandRingReader(
                            #require(segment.section(.commandRing, UInt32(lane))), from: .unread),
                        cursors[lane]
                    )
                })
            let drain = { (queue: inout CommandQueue) in
                queue.drain(limit: 20) { command, body in
                    commands += 1
                    let isWhole = (0..<body.count).allSatisfy { body[$0] == 0x5A }
                    if !isWhole || command.kind != UInt16(command.lane) + 1 {
                        Issue.record("seed \(seed): \(command)")
                    }
                }
            }
            let instant = commands + Int.random(in: 0...60, using: &generator)
            while commands < instant { if drain(&queue) == 0 { sched_yield() } }
            writer.killed()
            while drain(&queue) > 0 {}
            #expect(queue.damaged == 0, "seed \(seed)")
            for cursor in cursors { table.release(cursor) }
        }
        #expect(commands > 0)
    }

    @Test("A stopped reader stops nobody, and knows afterwards exactly what it lost") func readerStopped()
        throws
    {
        let directory = try PrivateDirectory()
        let segment = try Segment.file(
            SegmentPlan(
                kind: .core, name: "core", sections: [.observationRing(loop: 0, within: 256 + 64 * 128)]),
            in: directory.path)
        var writer = try ObservationRingWriter(#require(segment.section(.observationRing)))
        try segment.goLive()
        let reader = try RingProcess("read", directory.path)
        try #require(reader.line() == "reading")
        for round in 0..<200 {
            if round == 50 { try reader.stopped() }
            for _ in 0..<50 {
                writer.append(ObservationRecord())
                writer.flush()
            }
            if round == 150 { reader.send(SIGCONT) }
        }
        reader.send(SIGCONT)
        segment.retire()
        try #require(reader.line() == "has read")
        let words = reader.line().split(separator: " ").compactMap { UInt64($0) }
        try #require(words.count == 4)
        #expect(words[0] + words[1] == 10_000)
        #expect(words[1] >= 5_000 - 64, "it was stopped while 5,000 went through 64 places")
        #expect(words[2] == 0)
        #expect(words[3] == 10_000)
    }

    @Test("Readers that are killed leave the segment byte for byte as if nobody had read it")
    func readerKilled() throws {
        let directory = try PrivateDirectory()
        let alone = try PrivateDirectory()
        let plan = try SegmentPlan(
            kind: .core, name: "core", sections: [.observationRing(loop: 0, within: 256 + 64 * 128)])
        let segments = try [directory, alone].map { try Segment.file(plan, in: $0.path) }
        var writer = try ObservationRingWriter(#require(segments[0].section(.observationRing)))
        var twin = try ObservationRingWriter(#require(segments[1].section(.observationRing)))
        for segment in segments { try segment.goLive() }
        var readers: [RingProcess] = []
        for call in 1...10_000 as ClosedRange<UInt64> {
            var record = ObservationRecord()
            record.callID = call
            writer.append(record)
            twin.append(record)
            writer.flush()
            twin.flush()
            if call % 1000 == 1 {
                let reader = try RingProcess("read", directory.path)
                try #require(reader.line() == "reading")
                try #require(reader.line() == "has read")
                readers.append(reader)
            }
            if call % 1000 == 500 { readers.last?.send(SIGKILL) }
        }
        for reader in readers { reader.killed() }
        #expect(readers.count == 10)
        let read = try AttachedSegment.file("\(directory.path)/core.segment")
        let unread = try AttachedSegment.file("\(alone.path)/core.segment")
        #expect(try Self.bytes(read) == Self.bytes(unread))
        var reader = try ObservationRingReader(
            #require(read.section(.observationRing)), from: .beginning)
        var left: [ObservationRecord] = []
        while try reader.read(limit: 64, into: &left) > 0 {}
        #expect(left.map(\.callID) == Array(9_937...10_000))
    }

    /// The bytes of a ring.
    static func bytes(_ segment: AttachedSegment) throws -> [UInt8] {
        let section = try #require(segment.section(.observationRing))
        // Proof: the section lies in the mapping, which it keeps while the bytes are copied.
        return unsafe Array(UnsafeRawBufferPointer(start: section.base, count: section.bytes))
    }
}
