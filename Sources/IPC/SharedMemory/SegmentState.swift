/// Where a segment stands in its owner's life.
public enum SegmentState: UInt64, Sendable {
    /// The owner is still laying it out.
    case building = 0
    case live = 1
    /// The owner closed it in order and writes no more.
    case retired = 2
}
