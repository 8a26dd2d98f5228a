import Foundation
import Rings
import SharedMemory
import SharedState

@testable import Orchestration

/// A gateway's segment that a test writes, with names.
final class Region: @unchecked Sendable {
    // Proof of Sendable: one thread at a time writes the rings; the rest never changes.
    let segment: Segment
    let attached: AttachedSegment
    let names: Names
    var writers: [Writer] = []
    let callMethod: UInt32
    private var calls: UInt64 = 0

    final class Writer {
        var ring: ObservationRingWriter
        init(_ section: WritableSection) throws { ring = try ObservationRingWriter(section) }
    }

    init(loops: UInt32 = 1, records: UInt64 = 1024) throws {
        let rings =
            (0..<loops).map { SectionPlan.observationRing(loop: $0, within: 256 + records * 128) }
            + (0..<loops).map { SectionPlan.payloadRing(loop: $0, within: 256 + 4096) }
        let table = try StateTablePlan(byteCount: 1 << 20)
        let plan = try SegmentPlan(
            kind: .core, name: "core", sections: rings + [.cursors(), table.section],
            recordDescription: ObservationRecord.fieldDescription)
        segment = try Segment.anonymous(plan)
        names = Names(table: try StateTable(section: segment.section(.stateTable)!))
        callMethod = names.id(.method, "tools/call")
        for loop in 0..<loops { writers.append(try Writer(segment.section(.observationRing, loop)!)) }
        try segment.goLive()
        attached = try AttachedSegment.anonymous(dup(segment.descriptor))
    }

    func call(
        _ tool: String, server: String = "s", microseconds: UInt32 = 100, outcome: UInt8 = 0, loop: Int = 0
    ) {
        calls += 1
        var record = ObservationRecord()
        record.startMicroseconds = segment.generation / 1000 + calls
        record.server = names.id(.server, server)
        record.tool = names.id(.tool, tool)
        record.method = callMethod
        record.outcome = outcome
        record.durationMicroseconds = microseconds
        writers[loop].ring.append(record)
    }

    func flush() { for writer in writers { writer.ring.flush() } }
}

/// A Python program's segment that a test writes.
final class Worker {
    let segment: Segment
    let attached: AttachedSegment
    private final class Lane {
        var ring: CommandRingWriter
        init(_ section: WritableSection) throws { ring = try CommandRingWriter(section) }
    }
    private var lanes: [Lane] = []

    init(_ name: String, laneBytes: UInt64 = 8192) throws {
        let lanes = (0..<3 as Range<UInt32>).map {
            SectionPlan.commandRing(lane: $0, within: 256 + laneBytes)
        }
        segment = try Segment.anonymous(
            try SegmentPlan(kind: .worker, name: name, sections: lanes + [.cursors()]))
        for lane in 0..<3 as Range<UInt32> {
            self.lanes.append(try Lane(segment.section(.commandRing, lane)!))
        }
        try segment.goLive()
        attached = try AttachedSegment.anonymous(dup(segment.descriptor))
    }

    /// Where the learner says how far it is.
    func listen(to learner: LearnerSegment) throws {
        let view = try CursorView(learner.segment.section(.cursors)!.reading)
        for lane in lanes { lane.ring.reader = view }
    }

    func put(_ kind: UInt16, _ body: [UInt8], lane: Int = 1) -> PutOutcome {
        lanes[lane].ring.put(kind: kind, body.span)
    }

    func predict(_ subject: String, lane: Int = 1) -> PutOutcome {
        put(2, Array(#"{"task":"t","subject":"\#(subject)","value":1}"#.utf8), lane: lane)
    }
}

extension LearnerSegment {
    static func small() throws -> LearnerSegment {
        try LearnerSegment(LearnerSizes(laneBytes: [8192, 8192, 8192], tableBytes: 1 << 20))
    }

    /// As another process sees its table.
    func view() throws -> StateTableView {
        try StateTableView(section: segment.section(.stateTable)!.reading)
    }

    func statistics(_ tool: String, server: String = "s") throws -> PublishedStatistics? {
        let key = LearnerKeys.statistics(server: server, tool: tool) ?? []
        return try view().value(key).flatMap { PublishedStatistics($0.bytes) }
    }
}
