/// Why a write did not happen; the entry, if there was one, is as before.
public enum StateWriteError: Error, Hashable, Sendable {
    case keyTooLong(bytes: Int, most: Int)
    case valueTooLong(bytes: Int, most: Int)
    /// Everything that could make room is pinned, or as much is pinned as may be.
    case full
    /// A counter has eight bytes, and this entry has not.
    case notACounter(bytes: Int)
}
