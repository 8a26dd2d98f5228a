/// What the journal has done since its start.
public struct JournalStatus: Sendable, Equatable {
    /// Entries of calls written.
    public var written: UInt64 = 0
    /// Calls that it did not get to read in time, or found damaged.
    public var lost: UInt64 = 0
}
