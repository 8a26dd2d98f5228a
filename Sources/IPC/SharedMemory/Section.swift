/// A section of a mapped segment, for reading; it keeps its mapping.
///
/// All of it lies in the mapping; what it holds is another process's and untrusted.
@safe
public struct Section: @unchecked Sendable {
    // Proof: the base points into the mapping that it keeps; the rest never changes.
    public let mapping: SharedMapping
    /// The first of `bytes` bytes; on a page boundary.
    public let base: UnsafeRawPointer
    public let descriptor: SectionDescriptor
    /// The generation of its segment.
    public let generation: UInt64

    init(mapping: SharedMapping, descriptor: SectionDescriptor, generation: UInt64) {
        self.mapping = mapping
        unsafe base = UnsafeRawPointer(mapping.start + Int(descriptor.offset))
        self.descriptor = descriptor
        self.generation = generation
    }

    public var kind: SectionKind { descriptor.plan.kind }
    public var index: UInt32 { descriptor.plan.index }
    public var bytes: Int { Int(descriptor.plan.bytes) }
    public var recordBytes: UInt64 { descriptor.plan.recordBytes }
    public var capacity: UInt64 { descriptor.plan.capacity }
}
