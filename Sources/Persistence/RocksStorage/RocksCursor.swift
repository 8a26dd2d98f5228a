import CRocksDB
import Storage

/// A walk over a column family, with RocksDB's iterator.
@safe final class RocksCursor: StoreCursor {
    private let handle: RocksHandle
    /// What the iterator reads: held until it is gone.
    private let snapshot: RocksSnapshot?
    private let direction: Direction
    private let iterator: OpaquePointer?
    private let options: OpaquePointer
    /// RocksDB keeps a pointer to its upper bound.
    private let upper: UnsafeMutableBufferPointer<UInt8>?
    private let lower: [UInt8]
    private var isFirst = true
    private var isAtEnd = false

    init(
        _ handle: RocksHandle, _ snapshot: RocksSnapshot?, _ range: KeyRange, _ family: Family,
        _ direction: Direction, verifying: Bool = false
    ) throws(StorageError) {
        let column = unsafe try handle.family(family)
        self.handle = handle
        self.snapshot = snapshot
        self.direction = direction
        isAtEnd = range.isEmpty
        unsafe options = rocksdb_readoptions_create()
        unsafe upper = range.upper.map(Self.copy)
        if let snapshot { unsafe rocksdb_readoptions_set_snapshot(options, snapshot.pointer) }
        if verifying { unsafe rocksdb_readoptions_set_fill_cache(options, 0) }
        if let upper = unsafe upper {
            unsafe rocksdb_readoptions_set_iterate_upper_bound(
                options, UnsafeRawPointer(upper.baseAddress)?.assumingMemoryBound(to: CChar.self),
                upper.count)
        }
        unsafe iterator = isAtEnd ? nil : rocksdb_create_iterator_cf(handle.database, options, column)
        lower = range.lower
    }

    deinit {
        if let iterator = unsafe iterator { unsafe rocksdb_iter_destroy(iterator) }
        unsafe rocksdb_readoptions_destroy(options)
        unsafe upper?.deallocate()
    }

    func next() throws(StorageError) -> Entry? {
        guard !isAtEnd, let iterator = unsafe iterator else { return nil }
        unsafe move(iterator)
        guard unsafe rocksdb_iter_valid(iterator) != 0 else {
            isAtEnd = true
            unsafe try RocksFailure.check(.read, path: handle.path) { error in
                unsafe rocksdb_iter_get_error(iterator, error)
            }
            return nil
        }
        var count = 0
        let key = unsafe rocksdb_iter_key(iterator, &count)
        let keyBytes = unsafe Array(UnsafeRawBufferPointer(start: key, count: count))
        if direction == .backward, keyBytes.lexicographicallyPrecedes(lower) {
            isAtEnd = true
            return nil
        }
        let value = unsafe rocksdb_iter_value(iterator, &count)
        return unsafe Entry(
            key: keyBytes, value: Array(UnsafeRawBufferPointer(start: value, count: count)))
    }

    private static func copy(_ bytes: [UInt8]) -> UnsafeMutableBufferPointer<UInt8> {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = unsafe copy.initialize(from: bytes)
        return unsafe copy
    }

    private func move(_ iterator: OpaquePointer) {
        switch direction {
        case .forward where isFirst:
            unsafe lower.withUnsafeBytes { bytes in
                unsafe rocksdb_iter_seek(
                    iterator, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
            }
        case .forward: unsafe rocksdb_iter_next(iterator)
        case .backward where isFirst: unsafe rocksdb_iter_seek_to_last(iterator)
        case .backward: unsafe rocksdb_iter_prev(iterator)
        }
        isFirst = false
    }
}
