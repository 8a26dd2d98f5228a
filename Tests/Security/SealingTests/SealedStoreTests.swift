import RocksStorage
import Sealing
import Storage
import StoreContract
import TestSupport
import Testing

@Suite("Sealed stores") struct SealedStoreTests {
    private static func inMemory() -> Subject {
        let disk = MemoryDisk()
        let keys = SealingRig.keys()
        return Subject { families in
            try SealedStore(
                try MemoryStore(disk, families: families + [SealedStore.family]), purpose: "test",
                path: "/store", keys: keys, purge: {})
        }
    }

    /// Each opening begins with a new data key, and seals half of what there is with it.
    private static func inRocksDB(_ folder: PrivateFolder, rotates: Bool) -> Subject {
        let keys = SealingRig.keys()
        return Subject { families in
            if rotates { try SealingRig.rotate(keys) }
            var settings = RocksSettings()
            // So small that the work reaches sorted files.
            settings.writeBufferBytes = 64 << 10
            let store = try SealedStore(
                try RocksStore(
                    folder.path + "/s", purpose: "test", families: families + [SealedStore.family],
                    settings: settings), purpose: "test", path: folder.path, keys: keys, purge: {})
            _ = try store.resealStep()
            return store
        }
    }

    @Test("keep the contract of stores, in memory", arguments: StoreContract.clauses)
    func contractInMemory(_ clause: Clause) throws { try clause.check(Self.inMemory()) }

    @Test("keep the contract of stores, in RocksDB", arguments: StoreContract.clauses)
    func contractInRocksDB(_ clause: Clause) throws {
        try clause.check(Self.inRocksDB(try PrivateFolder(), rotates: false))
    }

    @Test("are what their writes say, in memory", arguments: [1, 2] as [UInt64])
    func modelInMemory(seed: UInt64) throws {
        try RandomWork.check(Self.inMemory(), seed: seed, steps: 200)
    }

    @Test("are what their writes say while keys change, in RocksDB") func modelInRocksDB() throws {
        try RandomWork.check(Self.inRocksDB(try PrivateFolder(), rotates: true), seed: 5, steps: 200)
    }

    @Test("are what their writes say while all is sealed anew in the background") func modelInBackground()
        throws
    {
        let disk = MemoryDisk()
        let keys = SealingRig.keys()
        let subject = Subject { families in
            try SealingRig.rotate(keys)
            let store = try SealedStore(
                try MemoryStore(disk, families: families + [SealedStore.family]), purpose: "test",
                path: "/store", keys: keys, purge: {})
            store.tend()
            return store
        }
        try RandomWork.check(subject, seed: 6, steps: 200)
    }

    @Test("are read beside the process that writes them, with keys that came later") func secondary() throws {
        let folder = try PrivateFolder()
        let keys = SealingRig.keys()
        let store = try SealedStore(
            try RocksStore(folder.path + "/s", purpose: "test", families: SealingRig.families),
            purpose: "test", path: folder.path, keys: keys, purge: {})
        try SealingRig.put(store, "k", "first")
        let beside = try RocksSecondary(
            folder.path + "/s", purpose: "test", scratch: folder.path + "/scratch")
        let reader = try SealedReader(
            beside, families: beside.families, purpose: "test", path: folder.path,
            keys: SealingKeys(keys.ring))
        #expect(try SealingRig.text(reader, "k") == "first")
        try SealingRig.rotate(keys)
        try SealingRig.put(store, "k", "second")
        try beside.catchUp()
        #expect(SealingRig.isCorrupt { try SealingRig.text(reader, "k") })
        let newer = try SealedReader(
            beside, families: beside.families, purpose: "test", path: folder.path, keys: keys)
        #expect(try SealingRig.text(newer, "k") == "second")
    }

    @Test("show nobody the family in which they keep their own state") func hidden() throws {
        let store = try SealingRig.store(MemoryDisk(), SealingRig.keys())
        #expect(store.families == [SealingRig.family, SealingRig.other])
        let unknown = StorageError.unknownFamily("sealing")
        #expect(throws: unknown) { try SealingRig.put(store, "k", "v", SealedStore.family) }
        #expect(throws: unknown) { try store.value(of: [], in: SealedStore.family) }
        #expect(throws: unknown) { try store.cursor(over: .all, in: SealedStore.family, .forward) }
        #expect(throws: unknown) { try store.snapshot().value(of: [], in: SealedStore.family) }
    }

    @Test("hold nothing of the values as they are") func canary() throws {
        let disk = MemoryDisk()
        let store = try SealingRig.store(disk, SealingRig.keys())
        for number in 0..<50 { try SealingRig.put(store, "\(number)", "canary-7f3a") }
        let values = try SealingRig.raw(disk).entries(in: .all, of: SealingRig.family, limit: 100).map(
            \.value)
        #expect(values.count == 50 && Set(values).count == 50)
        for value in values { #expect(!value.contains(Array("canary".utf8))) }
    }
}
