import CSharedMemory
import SharedMemory

/// The one writer of a payload ring: a 256-byte head (`RingHead`, counting bytes), then `capacity` bytes.
///
/// A payload at position P lies in one run at `P % capacity`; one that would run over the end begins at the
/// next multiple of `capacity` instead. Positions are divisible by 8. It is there while `claimed - P <=
/// capacity`.
@safe
public struct PayloadRingWriter: ~Copyable, @unchecked Sendable {
    // Proof: it can't be copied and writing mutates it, so that one thread at a time has it.
    private let section: WritableSection
    private let data: UnsafeMutableRawPointer
    private let published: WritableWord
    private let claimed: WritableWord
    private let capacity: UInt64
    private var next: UInt64 = 0
    private var offset: UInt64 = 0
    private var flushed: UInt64 = 0

    /// - Throws: `RingError` if the section is none of a new segment's payload rings.
    public init(_ section: WritableSection) throws(RingError) {
        try RingGeometry.check(section.reading, .payloadRing)
        let published = unsafe section.base.word(at: RingHead.published)
        guard published.load() == 0 else { throw .alreadyWritten(published: published.load()) }
        self.published = published
        unsafe claimed = section.base.word(at: RingHead.claimed)
        unsafe section.base.word(at: RingHead.capacity).store(section.capacity)
        self.section = section
        unsafe data = section.base + RingHead.bytes
        capacity = section.capacity
    }

    /// The longest payload, both parts together: an eighth of the ring.
    public var maximumBytes: Int { Int(capacity / 8) }

    /// Writes two parts, one directly behind the other.
    ///
    /// - Returns: the position of the first; nil if there is nothing to write or more than `maximumBytes`.
    public mutating func append(_ first: Span<UInt8>, _ second: Span<UInt8>) -> UInt64? {
        let bytes = first.count + second.count
        guard bytes > 0, first.count <= maximumBytes, second.count <= maximumBytes,
            bytes <= maximumBytes
        else { return nil }
        let length = UInt64(bytes + 7) & ~7
        if offset + length > capacity {
            next &+= capacity - offset
            offset = 0
        }
        let position = next
        next &+= length
        // Partner: the fence in front of the check in `PayloadRingReader`.
        claimed.store(next)
        SharedFence.afterAnnouncing()
        let start = unsafe data + Int(offset)
        unsafe first.withUnsafeBytes { unsafe Self.copy($0, start) }
        unsafe second.withUnsafeBytes { unsafe Self.copy($0, start + first.count) }
        offset += length
        if offset == capacity { offset = 0 }
        if next &- flushed >= capacity / 4 { flush() }
        return position
    }

    private static func copy(_ bytes: UnsafeRawBufferPointer, _ target: UnsafeMutableRawPointer) {
        if let source = bytes.baseAddress { unsafe cshared_copy(target, source, bytes.count) }
    }

    /// Shows what was appended to readers; due before the records that lead to it are shown.
    public mutating func flush() {
        guard flushed != next else { return }
        flushed = next
        // Partner: the acquiring load in `PayloadRingReader`.
        published.storeReleasing(next)
    }
}
