/// What `Admission` says of a call.
public enum AdmissionVerdict: Hashable, Sendable {
    /// The call may start; `finished` must follow.
    case run
    /// The call waits; `finished` or `setLimits` hands it back when its turn comes.
    case queued
    /// Too many wait.
    case refused(retryAfterMilliseconds: Int)
}
