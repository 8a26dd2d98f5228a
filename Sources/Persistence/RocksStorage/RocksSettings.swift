/// How RocksDB is set up; the sizes fit a store of some gigabytes beside a gateway.
public struct RocksSettings: Sendable {
    public enum Compression: Sendable, CaseIterable {
        case lz4, zstd, none
    }

    public var compression = Compression.lz4
    /// Of each column family, in memory until it is written as a sorted file.
    public var writeBufferBytes = 16 << 20
    /// Blocks of sorted files that are kept in memory, for all column families.
    public var cacheBytes = 32 << 20
    /// Of all write-ahead logs; what a start has to read at most.
    public var logBytes = 64 << 20
    public var backgroundThreads = 2

    public init() {}
}
