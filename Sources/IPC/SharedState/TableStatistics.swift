/// The numbers of a table, added up over its shards; each is whole, but they are not all of one moment.
public struct TableStatistics: Hashable, Sendable {
    public var entries: UInt64 = 0
    /// What the entries take: slots, parts of the buckets, and blocks with their rounding.
    public var bytes: UInt64 = 0
    /// Writes that happened, since the table was made.
    public var writes: UInt64 = 0
    /// Entries that left to make room.
    public var evictions: UInt64 = 0
    /// Entries that left because their time had come.
    public var expirations: UInt64 = 0
    /// Writes refused because there was no room to be made.
    public var refusals: UInt64 = 0
    public var pinnedEntries: UInt64 = 0
}
