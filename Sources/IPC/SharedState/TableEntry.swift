/// One entry of a table, copied at one moment.
public struct TableEntry: Hashable, Sendable {
    public var key: StoredKey
    public var value: [UInt8]
    public var version: UInt64
    /// CLOCK_MONOTONIC in nanoseconds; 0 for never.
    public var expiry: UInt64
    public var isPinned: Bool
}
