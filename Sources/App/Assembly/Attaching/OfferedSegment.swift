import SharedMemory

/// A segment that the gateway lets attached processes read.
package struct OfferedSegment: Sendable {
    package let name: String
    package let kind: SegmentKind
    package let generation: UInt64
    package let bytes: UInt64
    /// The number of its owner among those of the kind, as in the grant.
    package let index: Int
    package let descriptor: SharedDescriptor

    package init(
        name: String, kind: SegmentKind, generation: UInt64, bytes: UInt64, index: Int,
        descriptor: SharedDescriptor
    ) {
        self.name = name
        self.kind = kind
        self.generation = generation
        self.bytes = bytes
        self.index = index
        self.descriptor = descriptor
    }

    /// A segment of this process.
    ///
    /// - Throws: when there are too many open files.
    package init(_ segment: Segment, index: Int = 0) throws(DescriptorFault) {
        self.init(
            name: segment.plan.name, kind: segment.plan.kind, generation: segment.generation,
            bytes: segment.bytes, index: index,
            descriptor: try SharedDescriptor(duplicating: segment.descriptor))
    }
}
