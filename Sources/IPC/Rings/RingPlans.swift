import SharedMemory

extension SectionPlan {
    /// The greatest observation ring that fits into `bytes`: a power of two of records, 2 at least.
    public static func observationRing(loop: UInt32, within bytes: UInt64) -> SectionPlan {
        let record = UInt64(ObservationRecord.bytes)
        let room = bytes > UInt64(RingHead.bytes) ? (bytes - UInt64(RingHead.bytes)) / record : 0
        let capacity = powerOfTwo(within: max(room, 2))
        return SectionPlan(
            kind: .observationRing, index: loop, bytes: UInt64(RingHead.bytes) + capacity * record,
            recordBytes: record, capacity: capacity)
    }

    /// The greatest payload ring that fits into `bytes`: a multiple of 64 bytes, 4096 at least.
    public static func payloadRing(loop: UInt32, within bytes: UInt64) -> SectionPlan {
        let room = bytes > UInt64(RingHead.bytes) ? bytes - UInt64(RingHead.bytes) : 0
        let capacity = max(room / 64 * 64, 4096)
        return SectionPlan(
            kind: .payloadRing, index: loop, bytes: UInt64(RingHead.bytes) + capacity, recordBytes: 1,
            capacity: capacity)
    }

    /// The greatest command ring that fits into `bytes`: a power of two of bytes, 4096 at least.
    public static func commandRing(lane: UInt32, within bytes: UInt64) -> SectionPlan {
        let room = bytes > UInt64(RingHead.bytes) ? bytes - UInt64(RingHead.bytes) : 0
        let capacity = powerOfTwo(within: max(room, 4096))
        return SectionPlan(
            kind: .commandRing, index: lane, bytes: UInt64(RingHead.bytes) + capacity, recordBytes: 1,
            capacity: capacity)
    }

    /// The cursors of one process.
    public static func cursors() -> SectionPlan {
        SectionPlan(
            kind: .cursors, index: 0, bytes: UInt64(CursorLayout.entries * CursorLayout.entryBytes),
            recordBytes: UInt64(CursorLayout.entryBytes), capacity: UInt64(CursorLayout.entries))
    }

    /// The greatest power of two that is at most `count`, which is not 0.
    private static func powerOfTwo(within count: UInt64) -> UInt64 {
        1 << UInt64(63 - count.leadingZeroBitCount)
    }
}
