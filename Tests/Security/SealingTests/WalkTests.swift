import Foundation
import RocksStorage
import Sealing
import Storage
import TestSupport
import Testing

@Suite("Sealing what was there before") struct WalkTests {
    private static let count = 1300

    private static func key(_ number: Int) -> String { String(number + 10_000) }

    private static func fill(_ store: any OrderedStore, _ value: (Int) -> String = { "v\($0)" }) throws {
        for number in 0..<count {
            try SealingRig.put(
                store, key(number), value(number), number % 3 == 0 ? SealingRig.other : SealingRig.family)
        }
    }

    private static func contents(_ reader: any OrderedReader) throws -> [String: String] {
        var found: [String: String] = [:]
        for family in [SealingRig.family, SealingRig.other] {
            for entry in try reader.entries(in: .all, of: family, limit: 10_000) {
                found[String(decoding: entry.key, as: UTF8.self)] = String(
                    decoding: entry.value, as: UTF8.self)
            }
        }
        return found
    }

    private static var expected: [String: String] {
        Dictionary((0..<count).map { (key($0), "v\($0)") }) { first, _ in first }
    }

    @Test("with a newer data key leaves nothing of the older, and every value as it is") func reseals() throws
    {
        let disk = MemoryDisk()
        let keys = SealingRig.keys()
        let store = try SealingRig.store(disk, keys)
        try Self.fill(store)
        try SealingRig.rotate(keys)
        #expect(store.oldestEpoch == 1)
        var steps = 0
        while try !store.resealStep() { steps += 1 }
        #expect(steps >= 2 && store.oldestEpoch == 2)
        #expect(try Self.contents(store) == Self.expected)
        for family in SealingRig.families {
            for entry in try SealingRig.raw(disk).entries(in: .all, of: family, limit: 10_000) {
                #expect(SealingRig.epoch(entry.value) == 2)
            }
        }
        #expect(try store.resealStep())
    }

    @Test("goes on where a process that was killed came to, at every operation") func killed() throws {
        let disk = MemoryDisk()
        let keys = SealingRig.keys()
        try Self.fill(try SealingRig.store(disk, keys))
        try SealingRig.rotate(keys)
        var lives = 0
        var isDone = false
        while !isDone {
            lives += 1
            disk.restart(keepingUnsynced: .max)
            disk.fail(operation: disk.operations + 2 + lives % 3, .kill)
            guard let store = try? SealingRig.store(disk, keys) else { continue }
            isDone = (try? Self.resealAll(store)) != nil
            #expect(lives < 100)
        }
        #expect(lives > 2)
        disk.restart()
        let store = try SealingRig.store(disk, keys)
        #expect(store.oldestEpoch == 2)
        #expect(try Self.contents(store) == Self.expected)
    }

    private static func resealAll(_ store: SealedStore) throws { while try !store.resealStep() {} }

    @Test("begins anew for a key that comes while it is under way") func overtaken() throws {
        let disk = MemoryDisk()
        let keys = SealingRig.keys()
        let store = try SealingRig.store(disk, keys)
        try Self.fill(store)
        try SealingRig.rotate(keys)
        #expect(try !store.resealStep())
        try SealingRig.rotate(keys)
        try Self.resealAll(store)
        #expect(store.oldestEpoch == 3)
        for entry in try SealingRig.raw(disk).entries(in: .all, of: SealingRig.family, limit: 10_000) {
            #expect(SealingRig.epoch(entry.value) == 3)
        }
    }

    @Test("loses no write that comes meanwhile, and brings back nothing that was deleted") func underLoad()
        throws
    {
        let folder = try PrivateFolder()
        let keys = SealingRig.keys()
        let store = try SealedStore(
            try RocksStore(folder.path + "/s", purpose: "test", families: SealingRig.families),
            purpose: "test", path: folder.path, keys: keys, purge: {})
        try Self.fill(store)
        let problems = onThreads(3) { index -> String? in
            do {
                if index == 0 {
                    for _ in 0..<5 {
                        try SealingRig.rotate(keys)
                        try Self.resealAll(store)
                    }
                    return nil
                }
                // Each of its own keys: written, read back, deleted, read back.
                var generator = SeededGenerator(seed: UInt64(index))
                for round in 0..<1500 {
                    let number = Int.random(in: 0..<Self.count / 3, using: &generator) * 3 + index
                    let key = Self.key(number)
                    try SealingRig.put(store, key, "w\(round)")
                    guard try SealingRig.text(store, key) == "w\(round)" else {
                        return "\(key) lost its write"
                    }
                    var batch = WriteBatch()
                    batch.delete(Array(key.utf8), in: SealingRig.family)
                    try store.write(batch, .relaxed)
                    guard try SealingRig.text(store, key) == nil else { return "\(key) came back" }
                }
                return nil
            } catch { return "\(error)" }
        }
        #expect(problems == [nil, nil, nil])
        #expect(store.oldestEpoch == keys.ring.current.epoch)
    }

    @Test("takes no store that was written without, unless it was there before the keys") func unsealed()
        throws
    {
        let disk = MemoryDisk()
        try SealingRig.put(try SealingRig.raw(disk), "k", "plain")
        let error = StorageError.foreign(path: "/store", .unsealed)
        #expect(throws: error) { try SealingRig.store(disk, SealingRig.keys()) }
        #expect(throws: error) { try SealingRig.store(disk, SealingRig.keys(adopts: ["other"])) }
        #expect(throws: error) {
            try SealedReader(
                try SealingRig.raw(disk), families: SealingRig.families, purpose: "test", path: "/store",
                keys: SealingRig.keys())
        }
        #expect(try SealingRig.text(SealingRig.raw(disk), "k") == "plain")
        let store = try SealingRig.store(disk, SealingRig.keys(adopts: ["test"]))
        #expect(try SealingRig.text(store, "k") == "plain")
    }

    @Test("adopts a store as a whole, whenever the process that does it is killed", arguments: 1...12)
    func adopted(kill: Int) throws {
        let disk = MemoryDisk()
        try Self.fill(try SealingRig.raw(disk))
        let keys = SealingRig.keys(adopts: ["test"])
        var purges = 0
        disk.fail(operation: disk.operations + kill, .kill)
        _ = try? SealingRig.store(disk, keys) { purges += 1 }
        disk.restart(keepingUnsynced: .max)
        let store = try SealingRig.store(disk, keys) { purges += 1 }
        #expect(purges >= 1)
        #expect(try Self.contents(store) == Self.expected)
        for entry in try SealingRig.raw(disk).entries(in: .all, of: SealingRig.family, limit: 10_000) {
            #expect(SealingRig.epoch(entry.value) == 1)
        }
    }

    @Test("leaves nothing of the values in the files of RocksDB") func purged() throws {
        let folder = try PrivateFolder()
        let path = folder.path + "/s"
        let plain = try RocksStore(path, purpose: "test", families: SealingRig.families)
        try Self.fill(plain) { _ in "canary-7f3a" }
        try plain.compact()
        try Self.fill(plain) { _ in "canary-7f3a" }
        try plain.close()
        #expect(try Self.holdsCanary(path))
        let rocks = try RocksStore(path, purpose: "test", families: SealingRig.families)
        let store = try SealedStore(
            rocks, purpose: "test", path: path, keys: SealingRig.keys(adopts: ["test"])
        ) { () throws(StorageError) in try rocks.compact() }
        try store.close()
        #expect(try !Self.holdsCanary(path))
    }

    private static func holdsCanary(_ path: String) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: path).contains { name in
            FileManager.default.contents(atPath: "\(path)/\(name)")?.range(of: Data("canary-7f3a".utf8))
                != nil
        }
    }
}
