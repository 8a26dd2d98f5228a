/// How a store that many use is.
public struct StoreStatus: Sendable, Equatable {
    /// Why it can't be had; nil while it is open, and before it was first asked for.
    public var fault: StorageError?
    /// Since when that is so, in microseconds since 1970.
    public var sinceMicroseconds: UInt64
    public var isOpen = false
    /// How many times it was opened: a number that has changed says that what was written last may be there
    /// or not.
    public var openings: UInt64 = 0
    /// Copies made since the start.
    public var checkpoints: UInt64 = 0
}
