/// A section of a segment that this process owns; it keeps its mapping.
@safe
public struct WritableSection: @unchecked Sendable {
    // Proof: the base points into the mapping that its reading side keeps; the rest never changes.
    /// The same section for reading.
    public let reading: Section
    /// The first of `bytes` bytes; on a page boundary, all zero in a new segment.
    public let base: UnsafeMutableRawPointer

    init(mapping: SharedMapping, descriptor: SectionDescriptor, generation: UInt64) {
        reading = Section(mapping: mapping, descriptor: descriptor, generation: generation)
        unsafe base = mapping.start + Int(descriptor.offset)
    }

    public var kind: SectionKind { reading.kind }
    public var index: UInt32 { reading.index }
    public var bytes: Int { reading.bytes }
    public var recordBytes: UInt64 { reading.recordBytes }
    public var capacity: UInt64 { reading.capacity }
    public var generation: UInt64 { reading.generation }
}
