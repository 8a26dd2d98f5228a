import SharedMemory

/// The one reader of a command ring; the writer waits for the cursor that this reader's process publishes.
///
/// Bodies are copied out before they are checked, so that what was checked is what is used.
@safe
public struct CommandRingReader: @unchecked Sendable {
    // Proof: it only loads from the mapping that its section keeps; a copy is a reader of its own.
    public enum Start: Sendable {
        /// The first command that the writer does not know to be read: none is left out, and what an earlier
        /// reader read last may come again. In a segment of version 1, which does not tell, the first command
        /// ever; as `end` if that is overwritten.
        case unread
        /// The next command to be put.
        case end
        /// The frame at a position where an earlier reader of this ring stopped; as `unread` if it is
        /// overwritten.
        case at(UInt64)
    }

    private let section: Section
    private let data: UnsafeRawPointer
    private let publishedWord: SharedWord
    private let consumedWord: SharedWord
    private let capacity: UInt64
    private var expected: UInt64?
    private var body: [UInt8] = []
    /// The position in bytes of the next frame.
    public private(set) var position: UInt64 = 0
    /// How often something was found that no writer writes; all that was unread was dropped then.
    public private(set) var damaged: UInt64 = 0

    /// - Throws: `RingError` if the section is no command ring.
    public init(_ section: Section, from start: Start) throws(RingError) {
        try RingGeometry.check(section, .commandRing)
        self.section = section
        unsafe data = section.base + RingHead.bytes
        unsafe publishedWord = section.base.word(at: RingHead.published)
        unsafe consumedWord = section.base.word(at: RingHead.consumed)
        capacity = section.capacity
        let published = publishedWord.loadAcquiring()
        let consumed = consumedWord.loadAcquiring()
        switch start {
        case .end: position = published
        case .at(let earlier) where isThere(earlier, published): position = earlier
        case .at, .unread: position = isThere(consumed, published) ? consumed : published
        }
        if position == 0 { expected = 1 }
    }

    public var lane: UInt8 { UInt8(truncatingIfNeeded: section.index) }
    public var generation: UInt64 { section.generation }

    /// True if `next` would look at something.
    public var hasMore: Bool { publishedWord.loadAcquiring() != position }

    /// True if no writer has begun to overwrite what a frame at `position` was, as far as is published.
    private func isThere(_ position: UInt64, _ published: UInt64) -> Bool {
        position <= published && published - position <= capacity && position.isMultiple(of: 8)
    }

    /// Reads one command and moves behind it.
    ///
    /// - Returns: nil if there is none (or what is there is damaged).
    public mutating func next<Result>(_ use: (Command, Span<UInt8>) -> Result) -> Result? {
        // A filler is followed by a frame: the second round finds it.
        for _ in 0..<2 {
            let end = publishedWord.loadAcquiring()
            guard end != position else { return nil }
            guard isThere(position, end), end.isMultiple(of: 8) else { return drop(end) }
            let start = unsafe data + Int(position & (capacity - 1))
            let head = unsafe start.word(at: 0).load()
            let kind = UInt16(truncatingIfNeeded: head >> 32)
            if kind == CommandLayout.filler {
                let filler = capacity - position & (capacity - 1)
                guard filler <= end - position, filler < capacity else { return drop(end) }
                position += filler
                continue
            }
            guard let command = unsafe read(start, head, kind, end) else { return drop(end) }
            return use(command, body.span)
        }
        return drop(publishedWord.loadAcquiring())
    }

    /// Moves behind the frame at `position` once its body is copied and found to be whole; nil if it is
    /// damaged.
    private mutating func read(
        _ start: UnsafeRawPointer, _ head: UInt64, _ kind: UInt16, _ end: UInt64
    ) -> Command? {
        let bytes = Int(head & 0xFFFF_FFFF)
        guard head >> 48 == 0, bytes <= CommandLayout.maximumBodyBytes(capacity) else { return nil }
        let length = CommandLayout.frameBytes(bytes)
        guard length <= end - position, length <= capacity - position & (capacity - 1) else { return nil }
        let sequence = unsafe start.word(at: 8).load()
        let check = unsafe start.word(at: 16).load()
        guard expected == nil || expected == sequence else { return nil }
        body.removeAll(keepingCapacity: true)
        unsafe body.append(
            copying: UnsafeRawBufferPointer(start: start + CommandLayout.headerBytes, count: bytes))
        let hash = XXHash64.hash(body.span)
        guard check == hash & 0xFFFF_FFFF else { return nil }
        position += length
        expected = sequence &+ 1
        return Command(lane: lane, kind: kind, sequence: sequence)
    }

    /// Leaves what can't be read, and what is behind it; but if the writer has learned meanwhile that an
    /// earlier reader had read it, and so wrote over it, goes on where that one stopped.
    private mutating func drop<Result>(_ end: UInt64) -> Result? {
        let consumed = consumedWord.loadAcquiring()
        expected = nil
        if consumed > position, isThere(consumed, end) {
            position = consumed
        } else {
            damaged &+= 1
            position = end & ~7
        }
        return nil
    }
}
