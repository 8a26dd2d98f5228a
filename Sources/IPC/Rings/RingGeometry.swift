import SharedMemory

/// The checks that every ring's section passes before it is read or written: from then on, an index or
/// position that is taken modulo the capacity lies in the section.
enum RingGeometry {
    static func check(_ section: Section, _ kind: SectionKind) throws(RingError) {
        guard section.kind == kind else { throw .wrongKind(section.kind, expected: kind) }
        let capacity = section.capacity
        let isUsable =
            switch kind {
            case .observationRing:
                isPowerOfTwo(capacity) && capacity >= 2
                    && section.recordBytes == UInt64(ObservationRecord.bytes)
            case .payloadRing: capacity >= 4096 && capacity.isMultiple(of: 64) && section.recordBytes == 1
            case .commandRing: isPowerOfTwo(capacity) && capacity >= 4096 && section.recordBytes == 1
            case .cursors:
                capacity == CursorLayout.entries && section.recordBytes == UInt64(CursorLayout.entryBytes)
            case .stateTable: false
            }
        let head = kind == .cursors ? 0 : RingHead.bytes
        guard isUsable, section.bytes >= head,
            capacity <= UInt64(section.bytes - head) / section.recordBytes
        else {
            throw .wrongGeometry(
                kind, bytes: section.bytes, recordBytes: section.recordBytes, capacity: capacity)
        }
    }

    private static func isPowerOfTwo(_ count: UInt64) -> Bool { count.nonzeroBitCount == 1 }
}
