import Sealing
import Storage
import StoreContract
import TestSupport
import Testing

@Suite("What is done to sealed values on the disk") struct DamageTests {
    private static let value = "what is not to be read by others"

    /// A store with a value, and what lies beneath it, which the same disk holds.
    private static func sealed() throws -> (disk: MemoryDisk, keys: SealingKeys, record: [UInt8]) {
        let disk = MemoryDisk()
        let keys = SealingRig.keys()
        let store = try SealingRig.store(disk, keys)
        try SealingRig.put(store, "k", value)
        let record = try SealingRig.raw(disk).value(of: Array("k".utf8), in: SealingRig.family)
        return (disk, keys, try #require(record))
    }

    private static func place(
        _ record: [UInt8], _ disk: MemoryDisk, _ key: String = "k", _ family: Family = SealingRig.family
    ) throws {
        var batch = WriteBatch()
        batch.put(record, for: Array(key.utf8), in: family)
        try SealingRig.raw(disk).write(batch, .relaxed)
    }

    @Test("shows: every change of one byte", arguments: [0x01, 0x80, 0xFF] as [UInt8])
    func flips(bits: UInt8) throws {
        let (disk, keys, record) = try Self.sealed()
        for offset in record.indices {
            var damaged = record
            damaged[offset] ^= bits
            try Self.place(damaged, disk)
            let store = try SealingRig.store(disk, keys)
            #expect(SealingRig.isCorrupt { try SealingRig.text(store, "k") }, "offset \(offset)")
            #expect(
                SealingRig.isCorrupt { try store.entries(in: .all, of: SealingRig.family, limit: 9) },
                "offset \(offset)")
        }
    }

    @Test("shows: every cut, and what is put behind") func lengths() throws {
        let (disk, keys, record) = try Self.sealed()
        for length in record.indices {
            try Self.place(Array(record.prefix(length)), disk)
            let store = try SealingRig.store(disk, keys)
            #expect(SealingRig.isCorrupt { try SealingRig.text(store, "k") }, "\(length) bytes")
        }
        try Self.place(record + [0], disk)
        let store = try SealingRig.store(disk, keys)
        #expect(SealingRig.isCorrupt { try SealingRig.text(store, "k") })
    }

    @Test("shows: a value in another's place, of the same store or another") func swaps() throws {
        let (disk, keys, record) = try Self.sealed()
        try Self.place(record, disk, "l")
        try Self.place(record, disk, "k", SealingRig.other)
        let store = try SealingRig.store(disk, keys)
        #expect(try SealingRig.text(store, "k") == Self.value)
        #expect(SealingRig.isCorrupt { try SealingRig.text(store, "l") })
        #expect(SealingRig.isCorrupt { try SealingRig.text(store, "k", SealingRig.other) })
        let elsewhere = MemoryDisk()
        _ = try SealingRig.store(elsewhere, keys, purpose: "learner")
        try Self.place(record, elsewhere)
        let learner = try SealingRig.store(elsewhere, keys, purpose: "learner")
        #expect(SealingRig.isCorrupt { try SealingRig.text(learner, "k") })
    }

    @Test("is told with the column family and the key of the place") func place() throws {
        let (disk, keys, _) = try Self.sealed()
        try Self.place(Array("plain".utf8), disk, "kk")
        let store = try SealingRig.store(disk, keys)
        let error = StorageError.corrupt(
            .read, detail: "column family a, key 6b6b: the value is not sealed")
        #expect(throws: error) { try SealingRig.text(store, "kk") }
    }

    @Test("shows: a value of an epoch whose key the ring lacks, since an old copy was brought back")
    func rolledBack() throws {
        let (disk, keys, _) = try Self.sealed()
        let old = keys.ring
        try SealingRig.rotate(keys)
        try SealingRig.put(try SealingRig.store(disk, keys), "k", "of epoch 2")
        let error = StorageError.key(.oldRing(store: "/store", epoch: 2))
        #expect(throws: error) { try SealingRig.store(disk, SealingKeys(old)) }
        // A second key of the same epoch is another one.
        let again = SealingKeys(old)
        try SealingRig.rotate(again)
        #expect(throws: error) { try SealingRig.store(disk, again) }
        #expect(!keys.use(old) && !keys.use(again.ring))
        #expect(try SealingRig.text(SealingRig.store(disk, keys), "k") == "of epoch 2")
    }

    @Test("shows: another store's key ring") func otherRing() throws {
        let (disk, _, _) = try Self.sealed()
        #expect(throws: StorageError.key(.oldRing(store: "/store", epoch: 1))) {
            try SealingRig.store(disk, SealingRig.keys())
        }
    }

    @Test("never shows two values with one nonce under one key") func nonces() throws {
        let disk = MemoryDisk()
        let keys = SealingRig.keys()
        var seen: Set<[UInt8]> = []
        for life in 0..<20 {
            if life % 5 == 4 { try SealingRig.rotate(keys) }
            let store = try SealingRig.store(disk, keys)
            for number in 0..<100 { try SealingRig.put(store, "\(number)", "v") }
            for entry in try SealingRig.raw(disk).entries(in: .all, of: SealingRig.family, limit: 100) {
                // Epoch, key, run and number: all that key and nonce are made of.
                #expect(seen.insert(Array(entry.value[1..<29])).inserted)
            }
        }
        #expect(seen.count == 2000)
    }
}
