import SharedMemory

/// The segment that a client handed over: mapped, checked, and its descriptor to be passed on.
package struct HandedSegment: Sendable {
    package let segment: AttachedSegment
    package let descriptor: SharedDescriptor

    /// As it is offered to others.
    package func offered(index: Int) -> OfferedSegment {
        OfferedSegment(
            name: segment.header.name, kind: segment.header.kind, generation: segment.header.generation,
            bytes: segment.bytes, index: index, descriptor: descriptor)
    }
}
