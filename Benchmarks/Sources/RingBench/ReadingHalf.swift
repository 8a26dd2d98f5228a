import CRing
import Foundation
import Rings
import SharedMemory

/// The reading process: it reads what it is asked for, and tells when it was done.
struct ReadingHalf {
    private let own: Segment
    private let core: AttachedSegment
    private let cursors: WritableSection

    init(directory: String) throws {
        core = try AttachedSegment.file("\(directory)/core.segment")
        own = try Segment.file(
            SegmentPlan(kind: .learner, name: "learner", sections: [.cursors()]), in: directory)
        guard let section = own.section(.cursors) else { throw SegmentError.wrongMagic }
        cursors = section
        try own.goLive()
    }

    func serve() throws {
        cring_end_with_parent()
        guard let first = core.section(.observationRing, 0), let second = core.section(.observationRing, 1)
        else { throw SegmentError.wrongMagic }
        var reader = try ObservationRingReader(first, from: .beginning)
        // Proof: both sections are kept by the segments that this value keeps.
        var other = unsafe cring_reader(
            section: second.base.assumingMemoryBound(to: UInt8.self), capacity: second.capacity, next: 0,
            lost: 0, damaged: 0, sum: 0)
        // Proof: the positions are the first words of the first two entries of a cursors section.
        let positions = unsafe cursors.base.assumingMemoryBound(to: UInt64.self)
        print("ready")
        fflush(nil)
        while let words = readLine()?.split(separator: " "), words.count == 2, let count = UInt64(words[1]) {
            // Proof: as above; the reader is used by this thread only.
            if words[0] == "swift" {
                try Self.read(&reader, to: reader.position + count, unsafe WritableWord(positions))
            } else {
                unsafe cring_read(&other, other.next + count, positions + 8)
            }
            // Proof: counts in a value of this frame.
            let faults = unsafe reader.lost + reader.damaged + other.lost + other.damaged
            print("\(SharedClock.monotonicNanoseconds()) \(faults)")
            fflush(nil)
        }
    }

    private static func read(
        _ reader: inout ObservationRingReader, to end: UInt64, _ cursor: WritableWord
    ) throws {
        var records: [ObservationRecord] = []
        records.reserveCapacity(64)
        var sum: UInt64 = 0
        var looks = 0
        while reader.position < end {
            records.removeAll(keepingCapacity: true)
            if try reader.read(limit: 64, into: &records) == 0 {
                Hop.wait(&looks)
                continue
            }
            for record in records { sum &+= record.callID }
            cursor.storeReleasing(reader.position)
        }
        guard sum > 0 else { throw RingError.wentBack(from: 0, to: 0) }
    }
}
