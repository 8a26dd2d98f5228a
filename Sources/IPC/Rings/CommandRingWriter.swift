import CSharedMemory
import SharedMemory

/// The one writer of a command ring (`CommandLayout`): it never overwrites what its reader has not read.
@safe
public struct CommandRingWriter: ~Copyable, @unchecked Sendable {
    // Proof: it can't be copied and writing mutates it, so that one thread at a time has it.
    private let section: WritableSection
    private let data: UnsafeMutableRawPointer
    private let published: WritableWord
    private let consumedWord: WritableWord
    private let capacity: UInt64
    private var next: UInt64 = 0
    private var sequence: UInt64 = 0
    /// As the reader last said, if it can be true.
    private var consumed: UInt64 = 0
    /// Where the reader says how far it is; nil while there is none. What was read before stays read.
    public var reader: CursorView?

    /// - Throws: `RingError` if the section is none of a new segment's command rings.
    public init(_ section: WritableSection) throws(RingError) {
        try RingGeometry.check(section.reading, .commandRing)
        let published = unsafe section.base.word(at: RingHead.published)
        guard published.load() == 0 else { throw .alreadyWritten(published: published.load()) }
        self.published = published
        unsafe consumedWord = section.base.word(at: RingHead.consumed)
        unsafe section.base.word(at: RingHead.capacity).store(section.capacity)
        self.section = section
        unsafe data = section.base + RingHead.bytes
        capacity = section.capacity
    }

    /// Bytes that the reader has not read yet.
    public var unread: UInt64 { next &- consumed }

    /// The longest body that can be put.
    public var maximumBodyBytes: Int { CommandLayout.maximumBodyBytes(capacity) }

    /// Puts a command behind those before it; `kind` is not 0xFFFF.
    ///
    /// - Complexity: a hash and a copy of the body; a look at the reader's cursors.
    public mutating func put(kind: UInt16, _ body: Span<UInt8>) -> PutOutcome {
        precondition(kind != CommandLayout.filler, "the kind of fillers is no command's")
        guard body.count <= maximumBodyBytes else { return .tooLong(maximum: maximumBodyBytes) }
        let length = CommandLayout.frameBytes(body.count)
        let rest = capacity - next & (capacity - 1)
        let filler = rest < length ? rest : 0
        guard hasSpace(filler + length) else { return .full }
        if filler > 0 {
            unsafe frame(next).word(at: 0).store(UInt64(CommandLayout.filler) << 32)
            next &+= filler
        }
        sequence &+= 1
        let start = unsafe frame(next)
        let hash = XXHash64.hash(body)
        unsafe start.word(at: 0).store(UInt64(body.count) | UInt64(kind) << 32)
        unsafe start.word(at: 8).store(sequence)
        unsafe start.word(at: 16).store(hash & 0xFFFF_FFFF)
        unsafe write(body, at: start + CommandLayout.headerBytes)
        next &+= length
        // Partner: the acquiring load in `CommandRingReader`.
        published.storeReleasing(next)
        return .queued(sequence: sequence)
    }

    private func frame(_ position: UInt64) -> UnsafeMutableRawPointer {
        unsafe data + Int(position & (capacity - 1))
    }

    private func write(_ body: Span<UInt8>, at target: UnsafeMutableRawPointer) {
        guard body.count > 0 else { return }
        let padded = (body.count + 7) / 8 * 8
        unsafe target.word(at: padded - 8).store(0)
        unsafe body.withUnsafeBytes { unsafe cshared_copy(target, $0.baseAddress!, $0.count) }
    }

    private mutating func hasSpace(_ bytes: UInt64) -> Bool {
        let said = reader?.commands(
            lane: UInt8(truncatingIfNeeded: section.index), generation: section.generation)?.position
        if let said, said > consumed, said <= next, said.isMultiple(of: 8) {
            consumed = said
            consumedWord.store(said)
            // What is overwritten from here on no later reader begins with.
            SharedFence.afterAnnouncing()
        }
        return next &- consumed &+ bytes <= capacity
    }
}
