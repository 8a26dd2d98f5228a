import RocksStorage
import Storage
import StoreContract
import TestSupport
import Testing

@Suite("Stores in RocksDB") struct RocksStoreTests {
    @Test("keep the contract of stores", arguments: StoreContract.clauses)
    func contract(_ clause: Clause) throws {
        let folder = try PrivateFolder()
        try clause.check(Subject { try RocksStore(folder.path + "/s", purpose: "test", families: $0) })
    }

    @Test("are what their writes say, with each compression", arguments: RocksSettings.Compression.allCases)
    func model(_ compression: RocksSettings.Compression) throws {
        let folder = try PrivateFolder()
        var settings = RocksSettings()
        settings.compression = compression
        // So small that the work reaches sorted files.
        settings.writeBufferBytes = 64 << 10
        let subject = Subject {
            try RocksStore(folder.path + "/s", purpose: "test", families: $0, settings: settings)
        }
        try RandomWork.check(subject, seed: 7, steps: 250)
    }

    @Test("tell what they found when they were opened") func reports() throws {
        let folder = try PrivateFolder()
        let path = folder.path + "/deep/store"
        let store = try RocksStore(path, purpose: "test", families: [])
        #expect(store.report == .made)
        try store.close()
        #expect(try RocksStore(path, purpose: "test", families: []).report == .whole)
    }

    @Test("add families later and keep those that nobody asks for") func families() throws {
        let folder = try PrivateFolder()
        let path = folder.path + "/s"
        let first = try RocksStore(path, purpose: "test", families: [Family("a")])
        try first.close()
        let second = try RocksStore(path, purpose: "test", families: [Family("b")])
        #expect(second.families == [Family("a"), Family("b")])
        try second.close()
    }

    @Test("give their directory free when the last cursor is gone") func release() throws {
        let folder = try PrivateFolder()
        let path = folder.path + "/s"
        let store = try RocksStore(path, purpose: "test", families: [Family("a")])
        var cursor: (any StoreCursor)? = try store.cursor(over: .all, in: Family("a"), .forward)
        try store.close()
        #expect(throws: StorageError.locked(path: path)) {
            _ = try RocksStore(path, purpose: "test", families: [])
        }
        #expect(try cursor?.next() == nil)
        cursor = nil
        _ = try RocksStore(path, purpose: "test", families: [])
    }
}
