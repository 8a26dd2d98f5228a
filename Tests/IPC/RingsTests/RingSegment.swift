import Glibc
import Rings
import SharedMemory
import TestSupport
import Testing

/// A core segment of small rings, and the same segment as another process would have it.
struct RingSegment {
    let owner: Segment
    let attached: AttachedSegment

    static func plan(
        kind: SegmentKind = .core, observations: UInt64 = 16, payloadBytes: UInt64 = 4096,
        laneBytes: UInt64 = 4096
    ) throws -> SegmentPlan {
        try SegmentPlan(
            kind: kind, name: "test",
            sections: [
                .observationRing(loop: 0, within: 256 + observations * 128),
                .payloadRing(loop: 0, within: 256 + payloadBytes),
                .commandRing(lane: 0, within: 256 + laneBytes),
                .commandRing(lane: 1, within: 256 + laneBytes),
                .commandRing(lane: 2, within: 256 + laneBytes), .cursors(),
            ], recordDescription: ObservationRecord.fieldDescription)
    }

    init(_ plan: SegmentPlan) throws {
        owner = try Segment.anonymous(plan)
        try owner.goLive()
        attached = try AttachedSegment.anonymous(dup(owner.descriptor))
    }

    init() throws { try self.init(Self.plan()) }

    func writable(_ kind: SectionKind, _ index: UInt32 = 0) throws -> WritableSection {
        try #require(owner.section(kind, index))
    }

    func section(_ kind: SectionKind, _ index: UInt32 = 0) throws -> Section {
        try #require(attached.section(kind, index))
    }
}

extension ObservationRecord {
    /// Every field random.
    static func random(_ generator: inout SeededGenerator) -> ObservationRecord {
        var record = ObservationRecord()
        record.startMicroseconds = generator.next()
        record.callID = generator.next()
        record.session = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.principal = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.server = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.tool = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.method = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.era = UInt8.random(in: 0...1, using: &generator)
        record.outcome = UInt8.random(in: 0...11, using: &generator)
        record.flags = ObservationFlags(rawValue: UInt16.random(in: 0...15, using: &generator))
        record.errorCode = Int32.random(in: Int32.min...Int32.max, using: &generator)
        record.queueMicroseconds = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.upstreamMicroseconds = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.durationMicroseconds = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.requestBytes = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.resultBytes = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.argumentHash = generator.next()
        record.resultHash = generator.next()
        record.adviceVersion = generator.next()
        record.adviceReason = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.loop = UInt16.random(in: 0...UInt16.max, using: &generator)
        record.payloadPosition = generator.next()
        record.paramsBytes = UInt32.random(in: 0...UInt32.max, using: &generator)
        record.payloadResultBytes = UInt32.random(in: 0...UInt32.max, using: &generator)
        return record
    }
}
