import Glibc
import SharedMemory
import SharedState

/// A table in a segment of its own, and the same segment as another process would map it.
struct TestTable {
    let segment: Segment
    let table: StateTable
    let reader: StateTableView

    init(
        bytes: Int = 1 << 20, averageValueBytes: Int = 256
    ) throws {
        let plan = try StateTablePlan(
            byteCount: bytes, averageValueBytes: averageValueBytes)
        segment = try Segment.anonymous(SegmentPlan(kind: .core, name: "core", sections: [plan.section]))
        guard let section = segment.section(.stateTable) else { throw SegmentError.notLive(state: 0) }
        table = try StateTable(
            section: section, averageValueBytes: averageValueBytes)
        try segment.goLive()
        let attached = try AttachedSegment.anonymous(dup(segment.descriptor))
        guard let found = attached.section(.stateTable) else { throw SegmentError.notLive(state: 0) }
        reader = try StateTableView(section: found)
    }
}
