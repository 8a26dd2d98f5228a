/// What became of a batch while it was in use.
public struct BatchOutcome: Sendable, Equatable {
    /// The index in the ring of the batch's first record.
    public let first: UInt64
    public let count: Int
    /// So many of its first records may have been overwritten: nothing made of them may be used. They are
    /// counted as lost.
    public let overwritten: Int

    @inlinable
    init(first: UInt64, count: Int, overwritten: Int) {
        self.first = first
        self.count = count
        self.overwritten = overwritten
    }
}
