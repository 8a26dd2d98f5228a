/// Who writes a segment.
public enum SegmentKind: UInt32, Sendable, CaseIterable {
    /// `attune run`.
    case core = 1
    /// `attune learn`, or the learner's thread of `attune run`.
    case learner = 2
    /// One Python program.
    case worker = 3
}
