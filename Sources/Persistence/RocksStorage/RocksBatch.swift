import CRocksDB
import Storage

/// A batch in RocksDB's form.
@safe final class RocksBatch {
    /// Above every key that a store takes, for ranges without an end.
    private static let aboveAll = [UInt8](repeating: 0xFF, count: StorageLimits.keyBytes + 1)

    let pointer: OpaquePointer

    init(_ batch: WriteBatch, _ handle: RocksHandle) throws(StorageError) {
        unsafe pointer = rocksdb_writebatch_create()
        for operation in batch.operations {
            let column = unsafe try handle.family(operation.family)
            switch operation {
            case .put(_, let key, let value): unsafe put(value, for: key, column)
            case .delete(_, let key): unsafe delete(key, column)
            case .deleteRange(_, let range):
                if !range.isEmpty {
                    unsafe delete(from: range.lower, upTo: range.upper ?? Self.aboveAll, column)
                }
            }
        }
    }

    /// A batch without changes, which the log notes all the same.
    init(mark: UInt8) {
        unsafe pointer = rocksdb_writebatch_create()
        unsafe withUnsafeBytes(of: mark) { bytes in
            unsafe rocksdb_writebatch_put_log_data(
                pointer, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
    }

    deinit { unsafe rocksdb_writebatch_destroy(pointer) }

    private func put(_ value: [UInt8], for key: [UInt8], _ column: OpaquePointer) {
        unsafe Self.with(key, value) { key, keyBytes, value, valueBytes in
            unsafe rocksdb_writebatch_put_cf(pointer, column, key, keyBytes, value, valueBytes)
        }
    }

    private func delete(_ key: [UInt8], _ column: OpaquePointer) {
        unsafe key.withUnsafeBytes { bytes in
            unsafe rocksdb_writebatch_delete_cf(
                pointer, column, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
    }

    private func delete(from lower: [UInt8], upTo upper: [UInt8], _ column: OpaquePointer) {
        unsafe Self.with(lower, upper) { lower, lowerBytes, upper, upperBytes in
            unsafe rocksdb_writebatch_delete_range_cf(pointer, column, lower, lowerBytes, upper, upperBytes)
        }
    }

    private static func with(
        _ first: [UInt8], _ second: [UInt8],
        _ body: (UnsafePointer<CChar>?, Int, UnsafePointer<CChar>?, Int) -> Void
    ) {
        unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                unsafe body(
                    first.baseAddress?.assumingMemoryBound(to: CChar.self), first.count,
                    second.baseAddress?.assumingMemoryBound(to: CChar.self), second.count)
            }
        }
    }
}
