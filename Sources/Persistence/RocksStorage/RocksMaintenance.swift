import CRocksDB
import Foundation
import Storage

extension RocksStore {
    /// Makes a store of its own at `target` that holds what this one holds now.
    ///
    /// Sorted files are linked where both are on one file system, so it takes little time and space.
    /// - Throws: `occupied`, `closed`, `stopped`, `noSpace`, `inputOutput`.
    public func checkpoint(to target: String) throws(StorageError) {
        let handle = try openToWrite()
        guard !FileManager.default.fileExists(atPath: target) else { throw .occupied(path: target) }
        let checkpoint = unsafe try RocksFailure.check(.checkpoint, path: path) { error in
            unsafe rocksdb_checkpoint_object_create(handle.database, error)
        }
        defer { unsafe rocksdb_checkpoint_object_destroy(checkpoint) }
        try Failpoint.storeCheckpointing.reach()
        unsafe try RocksFailure.check(.checkpoint, path: path) { error in
            unsafe rocksdb_checkpoint_create(checkpoint, target, 0, error)
        }
        try Failpoint.storeCheckpointCopied.reach()
        // The mark comes last: a checkpoint that a crash cut short is not taken for a store.
        try StoreMark(directory: target, purpose: purpose).write()
        Failpoint.storeCheckpointed.pass()
    }

    /// RocksDB's answer to files of the last level that need no rewriting: it rewrites them once.
    private static let always: UInt8 = 3

    /// Rewrites all files without what is out of date; it reads and writes the whole store.
    public func compact() throws(StorageError) {
        let handle = try openToWrite()
        let rewriting = unsafe rocksdb_compactoptions_create()
        defer { unsafe rocksdb_compactoptions_destroy(rewriting) }
        unsafe rocksdb_compactoptions_set_bottommost_level_compaction(rewriting, Self.always)
        // RocksDB's call returns nothing; it counts what went wrong.
        let errors = handle.number("background-errors")
        for family in families {
            try Failpoint.storeCompacting.reach()
            let column = unsafe try handle.family(family)
            let options = unsafe rocksdb_flushoptions_create()
            defer { unsafe rocksdb_flushoptions_destroy(options) }
            unsafe try RocksFailure.check(.compact, path: path) { error in
                unsafe rocksdb_flush_cf(handle.database, options, column, error)
            }
            unsafe rocksdb_compact_range_cf_opt(handle.database, column, rewriting, nil, 0, nil, 0)
        }
        guard handle.number("background-errors") == errors else {
            if isFull { throw .noSpace(.compact) }
            throw .inputOutput(.compact, detail: "\(path) can't be rewritten")
        }
    }

    /// Whether the file system has hardly any room.
    private var isFull: Bool {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        return (attributes?[.systemFreeSize] as? NSNumber).map { $0.uint64Value < 1 << 20 } ?? false
    }

    /// Gives the space of the family's entries below a key, which were deleted, back.
    ///
    /// - Complexity: files that hold nothing else are dropped; those that hold others too are rewritten.
    public func reclaim(below end: [UInt8], in family: Family) throws(StorageError) {
        let handle = try openToWrite()
        let column = unsafe try handle.family(family)
        try Failpoint.storeReclaiming.reach()
        // RocksDB drops files up to and with a key: one that is lower than all that are kept.
        let last = end.dropLast()
        unsafe try RocksFailure.check(.compact, path: path) { error in
            unsafe last.withUnsafeBytes { last in
                unsafe rocksdb_delete_file_in_range_cf(
                    handle.database, column, nil, 0, last.baseAddress?.assumingMemoryBound(to: CChar.self),
                    last.count, error)
            }
        }
        try Failpoint.storeReclaimDropped.reach()
        unsafe end.withUnsafeBytes { end in
            unsafe rocksdb_compact_range_cf(
                handle.database, column, nil, 0, end.baseAddress?.assumingMemoryBound(to: CChar.self),
                end.count)
        }
    }

    /// Reads all entries and compares all checksums on the way.
    public func verify() throws(StorageError) -> VerificationReport { try VerificationReport(try open()) }

    public func statistics() throws(StorageError) -> StoreStatistics { StoreStatistics(try open()) }
}
