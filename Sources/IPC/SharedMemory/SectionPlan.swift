/// The kind and the size of one section of a segment to be made.
public struct SectionPlan: Sendable, Hashable {
    public var kind: SectionKind
    /// The loop of an observation or payload ring, the lane of a command ring, else 0.
    public var index: UInt32
    /// What the section may use; the next one begins on a page of its own.
    public var bytes: UInt64
    /// The size of a record or slot; 1 for rings of bytes.
    public var recordBytes: UInt64
    /// Records, slots or bytes.
    public var capacity: UInt64

    public init(kind: SectionKind, index: UInt32, bytes: UInt64, recordBytes: UInt64, capacity: UInt64) {
        self.kind = kind
        self.index = index
        self.bytes = bytes
        self.recordBytes = recordBytes
        self.capacity = capacity
    }
}
