import SharedMemory

/// Consecutive records in place, in the memory that their writer may be overwriting.
///
/// Good only inside the closure that gets it, and what was made of its first records only if the reader says
/// afterwards that they were not overwritten.
@safe
public struct ObservationBatch: @unchecked Sendable {
    // Proof: it keeps the mapping that its pointer leads into, and only loads from it.
    @usableFromInline let section: Section
    @usableFromInline let start: UnsafeRawPointer
    /// The index in the ring, from 0 and ever growing, of the first record.
    public let first: UInt64
    public let count: Int

    @inlinable
    init(section: Section, start: UnsafeRawPointer, first: UInt64, count: Int) {
        self.section = section
        unsafe self.start = start
        self.first = first
        self.count = count
    }

    /// A copy of a record.
    @inlinable
    public subscript(index: Int) -> ObservationRecord {
        precondition(index >= 0 && index < count, "a record outside its batch")
        return unsafe ObservationRecord(loading: start + index * ObservationRecord.bytes)
    }

    /// The records' bytes as they lie there, `count` times 128.
    @inlinable
    @unsafe public var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: start, count: count * ObservationRecord.bytes)
    }
}
