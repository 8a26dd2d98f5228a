import SharedMemory

/// One entry of a cursors section, written by its reader as it goes on.
@safe
public struct PublishedCursor: @unchecked Sendable {
    // Proof: it stores single atomic words into the mapping that its section keeps.
    private let section: WritableSection
    let entry: Int
    private let start: UnsafeMutableRawPointer

    init(section: WritableSection, entry: Int, start: UnsafeMutableRawPointer) {
        self.section = section
        self.entry = entry
        unsafe self.start = start
    }

    private func word(_ offset: Int) -> WritableWord { unsafe start.word(at: offset) }

    func begin(_ stream: CursorStream, _ generation: UInt64, _ position: UInt64) {
        word(CursorLayout.stream).store(0)
        // Partner: the fence in `CursorView.entry`.
        SharedFence.afterAnnouncing()
        word(CursorLayout.lost).store(0)
        word(CursorLayout.time).store(SharedClock.monotonicNanoseconds())
        word(CursorLayout.position).store(position)
        // Partner: the acquiring load in `CursorView.entry`: nobody takes the position of the stream that was
        // here before for one of this generation.
        word(CursorLayout.generation).storeReleasing(generation)
        word(CursorLayout.stream).storeReleasing(stream.rawValue)
    }

    func end() { word(CursorLayout.stream).storeReleasing(0) }

    /// Tells how far the stream was read; what is behind `position` may be overwritten from here on.
    public func advance(to position: UInt64, lost: UInt64 = 0) {
        word(CursorLayout.lost).store(lost)
        word(CursorLayout.time).store(SharedClock.monotonicNanoseconds())
        // Partner: the acquiring load in `CursorView`: what was read is done with before the writer reuses
        // it.
        word(CursorLayout.position).storeReleasing(position)
    }
}
