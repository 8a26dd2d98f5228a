import RocksStorage
import Sealing
import Storage
import TestSupport
import Testing

/// Stores with sealed values, and what the tests of them share.
enum SealingRig {
    static let family = Family("a")
    static let other = Family("b")
    static let families = [family, other, SealedStore.family]
    static let purpose = "test"

    static func keys(adopts: Set<String> = []) -> SealingKeys {
        SealingKeys(KeyRing(createdMicroseconds: 1, adopts: adopts))
    }

    static func store(
        _ disk: MemoryDisk, _ keys: SealingKeys, purpose: String = purpose,
        purge: () throws(StorageError) -> Void = {}
    ) throws(StorageError) -> SealedStore {
        try SealedStore(
            try MemoryStore(disk, families: families), purpose: purpose, path: "/store", keys: keys,
            purge: purge)
    }

    /// What lies beneath: the entries as they are on the disk.
    static func raw(_ disk: MemoryDisk) throws -> MemoryStore { try MemoryStore(disk, families: families) }

    static func rotate(_ keys: SealingKeys) throws {
        var ring = keys.ring
        try ring.rotate(createdMicroseconds: 2)
        #expect(keys.use(ring))
    }

    static func put(_ store: any OrderedStore, _ key: String, _ value: String, _ family: Family = family)
        throws
    {
        var batch = WriteBatch()
        batch.put(Array(value.utf8), for: Array(key.utf8), in: family)
        try store.write(batch, .relaxed)
    }

    static func text(_ reader: any OrderedReader, _ key: String, _ family: Family = family) throws -> String?
    {
        try reader.value(of: Array(key.utf8), in: family).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The epoch of the data key that a value on the disk is sealed with.
    static func epoch(_ record: [UInt8]) -> UInt32 {
        record[1..<5].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func isCorrupt(_ body: () throws -> some Any) -> Bool {
        do { _ = try body() } catch StorageError.corrupt { return true } catch { return false }
        return false
    }
}
