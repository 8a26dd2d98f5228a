import CRocksDB
import Storage

/// What RocksDB tells of a store.
public struct StoreStatistics: Sendable, Equatable {
    public struct FamilyPart: Sendable, Equatable {
        public var family: Family
        /// An estimate: what was deleted or written twice may still count.
        public var keys: UInt64
        /// Of sorted files, without what is out of date.
        public var liveBytes: UInt64
        public var fileBytes: UInt64
        public var memoryBytes: UInt64
        public var compactionBytes: UInt64
        /// Of level 0, 1 and so on.
        public var files: [UInt64]
    }

    public var families: [FamilyPart]
    public var cacheBytes: UInt64
    public var backgroundErrors: UInt64
    public var isWriteStopped: Bool
    public var lastSequence: UInt64

    static let levels = 7

    init(_ handle: RocksHandle) {
        families = unsafe handle.families.keys.sorted { $0.name < $1.name }.map { FamilyPart($0, handle) }
        cacheBytes = handle.number("block-cache-usage")
        backgroundErrors = handle.number("background-errors")
        isWriteStopped = handle.number("is-write-stopped") != 0
        unsafe lastSequence = rocksdb_get_latest_sequence_number(handle.database)
    }
}

extension StoreStatistics.FamilyPart {
    init(_ family: Family, _ handle: RocksHandle) {
        self.family = family
        keys = handle.number("estimate-num-keys", of: family)
        liveBytes = handle.number("estimate-live-data-size", of: family)
        fileBytes = handle.number("total-sst-files-size", of: family)
        memoryBytes = handle.number("cur-size-all-mem-tables", of: family)
        compactionBytes = handle.number("estimate-pending-compaction-bytes", of: family)
        files = (0..<StoreStatistics.levels).map { level in
            handle.text("num-files-at-level\(level)", of: family).flatMap { UInt64($0) } ?? 0
        }
    }
}
