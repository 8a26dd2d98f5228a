import SharedMemory

/// The cursors that this process publishes in its own segment, so that writers know what was read and others
/// the lag.
@safe
public struct CursorTable: ~Copyable, @unchecked Sendable {
    // Proof: it can't be copied and taking a cursor mutates it, so that one thread at a time has it.
    private let section: WritableSection
    private var taken: UInt64 = 0

    /// - Throws: `RingError` if the section is no cursors section.
    public init(_ section: WritableSection) throws(RingError) {
        try RingGeometry.check(section.reading, .cursors)
        self.section = section
    }

    /// A cursor over a stream of the segment of that generation.
    ///
    /// - Throws: `RingError.cursorsTaken` if all entries are in use.
    public mutating func take(
        _ stream: CursorStream, generation: UInt64, position: UInt64 = 0
    ) throws(RingError) -> PublishedCursor {
        let entry = (~taken).trailingZeroBitCount
        guard entry < CursorLayout.entries else { throw .cursorsTaken }
        taken |= 1 << UInt64(entry)
        let cursor = unsafe PublishedCursor(
            section: section, entry: entry, start: section.base + entry * CursorLayout.entryBytes)
        cursor.begin(stream, generation, position)
        return cursor
    }

    /// Gives an entry back; the cursor must not be moved any more.
    public mutating func release(_ cursor: PublishedCursor) {
        cursor.end()
        taken &= ~(1 << UInt64(cursor.entry))
    }
}
