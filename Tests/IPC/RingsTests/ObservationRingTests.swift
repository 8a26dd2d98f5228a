import Rings
import SharedMemory
import TestSupport
import Testing

@Suite("Observation rings") struct ObservationRingTests {
    @Test("Readers see what was flushed, whole and in order") func order() throws {
        let segment = try RingSegment()
        var writer = try ObservationRingWriter(segment.writable(.observationRing))
        var reader = try ObservationRingReader(segment.section(.observationRing), from: .beginning)
        var generator = SeededGenerator(seed: 1)
        var sent: [ObservationRecord] = []
        for index in 1...3 {
            var record = ObservationRecord.random(&generator)
            writer.append(record)
            record.sequence = UInt64(index)
            record.checksum = record.expectedChecksum()
            sent.append(record)
        }
        var read: [ObservationRecord] = []
        #expect(try reader.read(limit: 10, into: &read) == 0)
        #expect(writer.pending == 3)
        writer.flush()
        #expect(reader.lag == 3)
        #expect(try reader.read(limit: 10, into: &read) == 3)
        #expect(read == sent)
        #expect(reader.position == 3)
        #expect(try reader.read(limit: 10, into: &read) == 0)
    }

    @Test("What a reader got, lost and left is what was published", arguments: 1...50 as ClosedRange<UInt64>)
    func accounts(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let capacity = generator.pick([2, 4, 16, 64] as [UInt64])
        let segment = try RingSegment(RingSegment.plan(observations: capacity))
        var writer = try ObservationRingWriter(segment.writable(.observationRing))
        var reader = try ObservationRingReader(segment.section(.observationRing), from: .beginning)
        var got: UInt64 = 0
        var next: UInt64 = 1
        for _ in 0..<200 {
            for _ in 0..<Int.random(in: 0...Int(capacity) * 2, using: &generator) {
                var record = ObservationRecord()
                record.callID = writer.appended
                writer.append(record)
            }
            if generator.chance(70) { writer.flush() }
            var read: [ObservationRecord] = []
            try reader.read(limit: Int.random(in: 0...Int(capacity) * 2, using: &generator), into: &read)
            got += UInt64(read.count)
            for record in read {
                #expect(record.sequence >= next, "seed \(seed)")
                #expect(record.callID == record.sequence - 1, "seed \(seed)")
                next = record.sequence + 1
            }
            #expect(got + reader.lost == reader.position, "seed \(seed)")
            #expect(reader.position + reader.lag == reader.published, "seed \(seed)")
        }
        #expect(reader.damaged == 0, "seed \(seed)")
    }

    @Test(
        "A batch says which of its records were overwritten while it was in use", arguments: [0, 1, 3, 8, 11])
    func overwritten(count: Int) throws {
        let segment = try RingSegment(RingSegment.plan(observations: 8))
        var writer = try ObservationRingWriter(segment.writable(.observationRing))
        var reader = try ObservationRingReader(segment.section(.observationRing), from: .beginning)
        for _ in 0..<8 { writer.append(ObservationRecord()) }
        writer.flush()
        let (first, outcome) = try reader.withBatch(limit: 100) { batch in
            for _ in 0..<count { writer.append(ObservationRecord()) }
            return batch.first
        }
        #expect(first == 0)
        #expect(outcome.count == 8 && outcome.overwritten == min(count, 8))
        #expect(reader.lost == min(count, 8))
        #expect(reader.position == 8)
    }

    @Test("A reader that starts at the end sees only what comes") func end() throws {
        let segment = try RingSegment()
        var writer = try ObservationRingWriter(segment.writable(.observationRing))
        for _ in 0..<5 { writer.append(ObservationRecord()) }
        writer.flush()
        var reader = try ObservationRingReader(segment.section(.observationRing), from: .end)
        writer.append(ObservationRecord())
        writer.flush()
        var read: [ObservationRecord] = []
        try reader.read(limit: 10, into: &read)
        #expect(read.map(\.sequence) == [6])
        #expect(reader.lost == 0)
    }

    @Test("A writer refuses a ring that was written before, and other sections") func refusals() throws {
        let segment = try RingSegment()
        var writer = try ObservationRingWriter(segment.writable(.observationRing))
        writer.append(ObservationRecord())
        writer.flush()
        let section = try segment.writable(.observationRing)
        #expect(throws: RingError.alreadyWritten(published: 1)) { _ = try ObservationRingWriter(section) }
        let payloads = try segment.writable(.payloadRing)
        #expect(throws: RingError.wrongKind(.payloadRing, expected: .observationRing)) {
            _ = try ObservationRingWriter(payloads)
        }
        #expect(throws: RingError.wrongKind(.payloadRing, expected: .observationRing)) {
            _ = try ObservationRingReader(payloads.reading, from: .end)
        }
    }
}
