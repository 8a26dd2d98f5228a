import CRocksDB
import CRocksLog
import Storage

/// RocksDB's options, which it copies when a database is opened.
@safe final class RocksOptions {
    let pointer: OpaquePointer

    init(_ settings: RocksSettings) {
        unsafe pointer = rocksdb_options_create()
        unsafe rocksdb_options_set_compression(pointer, Self.number(settings.compression))
        unsafe rocksdb_options_set_write_buffer_size(pointer, settings.writeBufferBytes)
        unsafe rocksdb_options_set_max_write_buffer_number(pointer, 3)
        unsafe rocksdb_options_set_max_total_wal_size(pointer, UInt64(settings.logBytes))
        unsafe rocksdb_options_set_max_background_jobs(pointer, Int32(settings.backgroundThreads))
        // A reader beside the writer must keep what it has open when the writer deletes it.
        unsafe rocksdb_options_set_max_open_files(pointer, -1)
        // Smooths what would else reach the disk in one burst.
        unsafe rocksdb_options_set_bytes_per_sync(pointer, 1 << 20)
        unsafe rocksdb_options_set_paranoid_checks(pointer, 1)
        // RocksDB's own log of what it does would be in the directory: after a line that a full disk refused
        // the next one aborts the process, as Debian builds it (7.8). What went wrong is in the errors too.
        unsafe crocks_log_nothing(pointer)
        unsafe rocksdb_options_set_stats_dump_period_sec(pointer, 0)
        setTables(settings)
    }

    deinit { unsafe rocksdb_options_destroy(pointer) }

    private func setTables(_ settings: RocksSettings) {
        let tables = unsafe rocksdb_block_based_options_create()
        let cache = unsafe rocksdb_cache_create_lru(settings.cacheBytes)
        unsafe rocksdb_block_based_options_set_block_cache(tables, cache)
        // 10 bits a key: one look-up in a hundred for a key that isn't there reads in vain.
        unsafe rocksdb_block_based_options_set_filter_policy(
            tables, rocksdb_filterpolicy_create_bloom_full(10))
        // Else those of all files are in memory, beside the cache and without a bound.
        unsafe rocksdb_block_based_options_set_cache_index_and_filter_blocks(tables, 1)
        unsafe rocksdb_block_based_options_set_format_version(tables, 5)
        unsafe rocksdb_options_set_block_based_table_factory(pointer, tables)
        unsafe rocksdb_cache_destroy(cache)
        unsafe rocksdb_block_based_options_destroy(tables)
    }

    private static func number(_ compression: RocksSettings.Compression) -> Int32 {
        switch compression {
        case .lz4: Int32(rocksdb_lz4_compression)
        case .zstd: Int32(rocksdb_zstd_compression)
        case .none: Int32(rocksdb_no_compression)
        }
    }
}
