/// What became of a write that was to happen only if the version is the expected one.
public enum CompareAndSwap: Hashable, Sendable {
    case swapped(version: UInt64)
    /// The version that is there; 0 if there is no entry.
    case conflict(version: UInt64)
}
