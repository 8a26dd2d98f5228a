import Storage

/// How the journal is.
public struct JournalStatus: Sendable, Equatable {
    /// Why nothing is written; nil while it works.
    public var fault: StorageError?
    /// Since when, in microseconds since 1970.
    public var sinceMicroseconds: UInt64
    /// Entries of calls written since the start.
    public var written: UInt64 = 0
    /// Calls that it did not get to read in time, or found damaged.
    public var lost: UInt64 = 0
    public var checkpoints: UInt64 = 0
}
