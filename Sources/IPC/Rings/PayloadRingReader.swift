import SharedMemory

/// A reader of a payload ring; it reads whatever position a record names, if it is still there.
@safe
public struct PayloadRingReader: @unchecked Sendable {
    // Proof: it only loads from the mapping that its section keeps.
    private let section: Section
    private let data: UnsafeRawPointer
    private let publishedWord: SharedWord
    private let claimedWord: SharedWord
    private let capacity: UInt64

    /// - Throws: `RingError` if the section is no payload ring.
    public init(_ section: Section) throws(RingError) {
        try RingGeometry.check(section, .payloadRing)
        self.section = section
        unsafe data = section.base + RingHead.bytes
        unsafe publishedWord = section.base.word(at: RingHead.published)
        unsafe claimedWord = section.base.word(at: RingHead.claimed)
        capacity = section.capacity
    }

    /// How many bytes the writer ever published, those that a wrap left out included.
    public var published: UInt64 { publishedWord.loadAcquiring() }

    /// Copies the payload at `position` to the end of `buffer`.
    ///
    /// - Returns: false, and `buffer` as it was, if the payload was overwritten, never was or can't be.
    public func read(at position: UInt64, bytes: Int, into buffer: inout [UInt8]) -> Bool {
        let before = buffer.count
        let found: Void? = unsafe withPayload(at: position, bytes: bytes) { payload in
            unsafe buffer.append(copying: payload)
        }
        if found == nil { buffer.removeSubrange(before...) }
        return found != nil
    }

    /// Gives out the payload at `position` in place.
    ///
    /// - Returns: nil if the payload was overwritten before or while it was used (what `use` made of it is
    ///   worth nothing then), never was or can't be.
    @unsafe public func withPayload<Result>(
        at position: UInt64, bytes: Int, _ use: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        let offset = position % capacity
        guard bytes > 0, UInt64(bytes) <= capacity / 8, UInt64(bytes) <= capacity - offset,
            position.isMultiple(of: 8)
        else { return nil }
        // Partner: the releasing store in `PayloadRingWriter.flush`.
        let end = publishedWord.loadAcquiring()
        guard end >= position, end - position >= UInt64(bytes), isThere(position) else { return nil }
        let result = unsafe use(UnsafeRawBufferPointer(start: data + Int(offset), count: bytes))
        // Partner: the fence behind the claim in `PayloadRingWriter.append`.
        SharedFence.beforeChecking()
        return isThere(position) ? result : nil
    }

    private func isThere(_ position: UInt64) -> Bool {
        let claimed = claimedWord.load()
        return claimed >= position && claimed - position <= capacity
    }
}
