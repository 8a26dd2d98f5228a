/// What became of a command.
public enum PutOutcome: Sendable, Equatable {
    /// Readers see it; they may not have read it yet.
    case queued(sequence: UInt64)
    /// The reader is too far behind, or there is none: nothing was written.
    case full
    /// No body so long can be put: nothing was written.
    case tooLong(maximum: Int)
}
