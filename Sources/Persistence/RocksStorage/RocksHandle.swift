import CRocksDB
import Storage

/// An open database with its column families; it is closed with the last reference.
///
/// Cursors and snapshots hold it, so that none outlives what it reads.
///
/// `@unchecked` is sound: all properties are constants, and RocksDB may be called by many threads at once.
@safe final class RocksHandle: @unchecked Sendable {
    // Proof: as the sentence above says.
    let path: String
    let database: OpaquePointer
    /// Without the database's own family `default`.
    let families: [Family: OpaquePointer]
    let reading: OpaquePointer
    let relaxed: OpaquePointer
    let durable: OpaquePointer
    private let handles: [OpaquePointer]

    init(path: String, database: OpaquePointer, names: [String], handles: [OpaquePointer]) {
        self.path = path
        unsafe self.database = database
        unsafe self.handles = handles
        var families: [Family: OpaquePointer] = unsafe [:]
        for (index, name) in names.enumerated() where name != "default" {
            unsafe families[Family(name)] = handles[index]
        }
        unsafe self.families = families
        unsafe reading = rocksdb_readoptions_create()
        unsafe relaxed = rocksdb_writeoptions_create()
        unsafe durable = rocksdb_writeoptions_create()
        unsafe rocksdb_writeoptions_set_sync(durable, 1)
    }

    deinit {
        for index in 0..<(unsafe handles.count) {
            unsafe rocksdb_column_family_handle_destroy(handles[index])
        }
        unsafe rocksdb_readoptions_destroy(reading)
        unsafe rocksdb_writeoptions_destroy(relaxed)
        unsafe rocksdb_writeoptions_destroy(durable)
        unsafe rocksdb_close(database)
    }

    func family(_ family: Family) throws(StorageError) -> OpaquePointer {
        guard let found = unsafe families[family] else { throw .unknownFamily(family.name) }
        return unsafe found
    }

    func value(
        of key: [UInt8], in family: Family, _ options: OpaquePointer
    ) throws(StorageError) -> [UInt8]? {
        let column = unsafe try self.family(family)
        let slice = unsafe try RocksFailure.check(.read, path: path) { error in
            unsafe key.withUnsafeBytes { bytes in
                unsafe rocksdb_get_pinned_cf(
                    database, options, column, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    bytes.count, error)
            }
        }
        guard let slice = unsafe slice else { return nil }
        defer { unsafe rocksdb_pinnableslice_destroy(slice) }
        var count = 0
        let start = unsafe rocksdb_pinnableslice_value(slice, &count)
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
