import CRing
import Rings
import SharedMemory

/// The writing process: a ring of each language in one segment, and the reader's positions.
@safe
struct WritingHalf: ~Copyable {
    private let segment: Segment
    private var ring: ObservationRingWriter
    private var other: cring_writer
    private var cursors: Section?
    /// What no compiler can know beforehand.
    private let fillings: [ObservationRecord]

    init(directory: String) throws {
        let bytes = 256 + Hop.capacity * 128
        let segment = try Segment.file(
            SegmentPlan(
                kind: .core, name: "core",
                sections: [
                    .observationRing(loop: 0, within: bytes), .observationRing(loop: 1, within: bytes),
                ]),
            in: directory)
        guard let first = segment.section(.observationRing, 0),
            let second = segment.section(.observationRing, 1)
        else { throw SegmentError.wrongMagic }
        let writer = try ObservationRingWriter(first)
        try segment.goLive()
        self.segment = segment
        fillings = (0..<64).map { _ in
            var record = ObservationRecord()
            record.startMicroseconds = .random(in: 1...UInt64.max)
            record.session = .random(in: 1...UInt32.max)
            record.principal = .random(in: 1...UInt32.max)
            record.server = .random(in: 1...UInt32.max)
            record.method = .random(in: 1...UInt32.max)
            record.durationMicroseconds = .random(in: 1...UInt32.max)
            record.resultBytes = .random(in: 1...UInt32.max)
            record.argumentHash = .random(in: 1...UInt64.max)
            record.resultHash = .random(in: 1...UInt64.max)
            record.adviceVersion = .random(in: 1...UInt64.max)
            record.payloadPosition = .random(in: 1...UInt64.max)
            record.paramsBytes = .random(in: 1...UInt32.max)
            return record
        }
        ring = writer
        // Proof: the section is kept by the segment that this value keeps.
        unsafe other = cring_writer(
            section: second.base.assumingMemoryBound(to: UInt8.self), capacity: second.capacity, next: 0,
            flushed: 0)
    }

    mutating func attach(_ directory: String) throws {
        cursors = try AttachedSegment.file("\(directory)/learner.segment").section(.cursors)
    }

    mutating func write(_ hop: Hop) {
        guard let cursors else { return }
        switch hop.language {
        // Proof: the positions are the first word of the first two entries of a cursors section.
        case .swift: write(hop.count, batch: hop.batch, unsafe cursors.base.word(at: 0))
        case .c:
            unsafe fillings.withUnsafeBytes {
                unsafe cring_write(
                    &other, $0.assumingMemoryBound(to: cring_record.self).baseAddress, UInt64(hop.count),
                    UInt64(hop.batch), (cursors.base + 64).assumingMemoryBound(to: UInt64.self))
            }
        }
    }

    private mutating func write(_ count: Int, batch: Int, _ cursor: SharedWord) {
        var looks = 0
        for _ in 0..<count {
            if ring.appended.isMultiple(of: 64) {
                while ring.appended &- cursor.loadAcquiring() > Hop.capacity / 2 { Hop.wait(&looks) }
            }
            var record = fillings[Int(ring.appended % 64)]
            record.callID = ring.appended
            ring.append(record)
            if ring.pending >= batch { ring.flush() }
        }
        ring.flush()
    }
}
