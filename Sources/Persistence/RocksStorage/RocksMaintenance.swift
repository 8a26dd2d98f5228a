import CRocksDB
import Foundation
import Storage

extension RocksStore {
    /// Makes a store of its own at `target` that holds what this one holds now.
    ///
    /// Sorted files are linked where both are on one file system, so it takes little time and space.
    /// - Throws: `occupied`, `closed`, `noSpace`, `inputOutput`.
    public func checkpoint(to target: String) throws(StorageError) {
        let handle = try open()
        guard !FileManager.default.fileExists(atPath: target) else { throw .occupied(path: target) }
        let checkpoint = unsafe try RocksFailure.check(.checkpoint, path: path) { error in
            unsafe rocksdb_checkpoint_object_create(handle.database, error)
        }
        defer { unsafe rocksdb_checkpoint_object_destroy(checkpoint) }
        unsafe try RocksFailure.check(.checkpoint, path: path) { error in
            unsafe rocksdb_checkpoint_create(checkpoint, target, 0, error)
        }
        // The mark comes last: a checkpoint that a crash cut short is not taken for a store.
        try StoreMark(directory: target, purpose: purpose).write()
    }

    /// RocksDB's answer to files of the last level that need no rewriting: it rewrites them once.
    private static let always: UInt8 = 3

    /// Rewrites all files without what is out of date; it reads and writes the whole store.
    public func compact() throws(StorageError) {
        let handle = try open()
        let rewriting = unsafe rocksdb_compactoptions_create()
        defer { unsafe rocksdb_compactoptions_destroy(rewriting) }
        unsafe rocksdb_compactoptions_set_bottommost_level_compaction(rewriting, Self.always)
        for family in families {
            let column = unsafe try handle.family(family)
            let options = unsafe rocksdb_flushoptions_create()
            defer { unsafe rocksdb_flushoptions_destroy(options) }
            unsafe try RocksFailure.check(.compact, path: path) { error in
                unsafe rocksdb_flush_cf(handle.database, options, column, error)
            }
            unsafe rocksdb_compact_range_cf_opt(handle.database, column, rewriting, nil, 0, nil, 0)
        }
    }

    /// Reads all entries and compares all checksums on the way.
    public func verify() throws(StorageError) -> VerificationReport { try VerificationReport(try open()) }

    public func statistics() throws(StorageError) -> StoreStatistics { StoreStatistics(try open()) }
}
