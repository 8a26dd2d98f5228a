import CRocksDB
import Storage

/// The database as it was; RocksDB keeps what it reads until the last reference goes.
///
/// `@unchecked` is sound: all properties are constants, and RocksDB may be called by many threads at once.
@safe final class RocksSnapshot: OrderedReader, @unchecked Sendable {
    // Proof: as the sentence above says.
    let pointer: OpaquePointer
    private let handle: RocksHandle
    private let options: OpaquePointer

    init(_ handle: RocksHandle) {
        self.handle = handle
        unsafe pointer = rocksdb_create_snapshot(handle.database)
        unsafe options = rocksdb_readoptions_create()
        unsafe rocksdb_readoptions_set_snapshot(options, pointer)
    }

    deinit {
        unsafe rocksdb_readoptions_destroy(options)
        unsafe rocksdb_release_snapshot(handle.database, pointer)
    }

    func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        unsafe try handle.value(of: key, in: family, options)
    }

    func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        try RocksCursor(handle, self, range, family, direction)
    }
}
