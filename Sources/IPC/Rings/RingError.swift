import SharedMemory

/// Why a section can't be used as a ring, or no longer.
public enum RingError: Error, Equatable, Sendable {
    case wrongKind(SectionKind, expected: SectionKind)
    /// The directory's sizes make no ring of this kind.
    case wrongGeometry(SectionKind, bytes: Int, recordBytes: UInt64, capacity: UInt64)
    /// A writer begins only where nothing was written yet.
    case alreadyWritten(published: UInt64)
    /// The writer's count went backwards: it is damaged, and nothing in the ring can be trusted.
    case wentBack(from: UInt64, to: UInt64)
    /// All 64 cursors are taken.
    case cursorsTaken
}
