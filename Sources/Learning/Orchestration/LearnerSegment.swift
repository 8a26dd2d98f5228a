import Rings
import SharedMemory
import SharedState

/// The segment that the learner writes: command rings for the gateway, its cursors, and its state table.
package final class LearnerSegment: @unchecked Sendable {
    // Proof of Sendable: segment and table are; the rings and the cursors are used by the one thread that
    // the loop runs on.
    package static let name = "learner"
    /// Urgent, normal, background.
    package static let laneCount = 3

    package let segment: Segment
    package let table: StateTable
    var lanes: InlineArray<3, CommandRingWriter>
    var cursors: CursorTable

    /// Makes the segment and shows it.
    ///
    /// - Parameter directory: where a segment with a path goes; nil for an anonymous one.
    package init(_ sizes: LearnerSizes, directory: String? = nil) throws(LearnerFault) {
        guard sizes.laneBytes.count == Self.laneCount else { throw .lanes(sizes.laneBytes.count) }
        do {
            let rings = sizes.laneBytes.enumerated().map { lane, bytes in
                // A ring of so many bytes of contents has its head before them.
                SectionPlan.commandRing(lane: UInt32(lane), within: bytes &+ 256)
            }
            let table = try StateTablePlan(byteCount: Int(clamping: sizes.tableBytes))
            let plan = try SegmentPlan(
                kind: .learner, name: Self.name, sections: rings + [.cursors(), table.section])
            let made =
                try directory.map { directory throws(SegmentError) in
                    try Segment.file(plan, in: directory)
                } ?? Segment.anonymous(plan)
            segment = made
            self.table = try StateTable(section: Self.section(made, .stateTable))
            cursors = try CursorTable(Self.section(made, .cursors))
            lanes = try InlineArray<3, CommandRingWriter> { lane in
                try CommandRingWriter(Self.section(made, .commandRing, UInt32(lane)))
            }
            try segment.goLive()
        } catch {
            throw Self.fault(error)
        }
    }

    private static func section(
        _ segment: Segment, _ kind: SectionKind, _ index: UInt32 = 0
    ) throws -> WritableSection {
        guard let section = segment.section(kind, index) else {
            throw LearnerFault.incomplete(segment: name)
        }
        return section
    }

    private static func fault(_ error: any Error) -> LearnerFault {
        switch error {
        case let error as SegmentError: .segment(error)
        case let error as RingError: .ring(error)
        case let error as StateTableLayoutError: .table(error)
        default: .incomplete(segment: name)
        }
    }
}
