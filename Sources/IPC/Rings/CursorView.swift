import SharedMemory

/// The cursors of another process, read without waiting for it.
@safe
public struct CursorView: @unchecked Sendable {
    // Proof: it only loads from the mapping that its section keeps.
    private static let attempts = 4
    private let section: Section

    /// - Throws: `RingError` if the section is no cursors section.
    public init(_ section: Section) throws(RingError) {
        try RingGeometry.check(section, .cursors)
        self.section = section
    }

    /// All cursors; one that is just being changed may be missing.
    public func entries() -> [CursorEntry] { (0..<CursorLayout.entries).compactMap(entry) }

    /// The cursor over that lane of the command rings of the segment of that generation; nil if there is
    /// none.
    public func commands(lane: UInt8, generation: UInt64) -> CursorEntry? {
        for index in 0..<CursorLayout.entries {
            guard let entry = entry(index), entry.stream.isCommands, entry.stream.lane == lane,
                entry.generation == generation
            else { continue }
            return entry
        }
        return nil
    }

    private func entry(_ index: Int) -> CursorEntry? {
        let start = unsafe section.base + index * CursorLayout.entryBytes
        for _ in 0..<Self.attempts {
            let stream = unsafe start.word(at: CursorLayout.stream).loadAcquiring()
            guard stream != 0 else { return nil }
            let entry = unsafe CursorEntry(
                stream: CursorStream(rawValue: stream),
                // In front of the position; partner of the releasing store in `PublishedCursor.begin`.
                generation: start.word(at: CursorLayout.generation).loadAcquiring(),
                position: start.word(at: CursorLayout.position).loadAcquiring(),
                lost: start.word(at: CursorLayout.lost).load(),
                movedAt: start.word(at: CursorLayout.time).load())
            // Partner: the fence in `PublishedCursor.begin`.
            SharedFence.beforeChecking()
            let same =
                unsafe start.word(at: CursorLayout.stream).loadAcquiring() == stream
                && start.word(at: CursorLayout.generation).load() == entry.generation
            if same { return entry }
        }
        return nil
    }
}
