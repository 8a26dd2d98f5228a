import Foundation
import RocksStorage
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Maintenance of a store") struct MaintenanceTests {
    static let family = Family("a")
    let folder: PrivateFolder
    let path: String

    init() throws {
        folder = try PrivateFolder()
        path = folder.path + "/s"
    }

    private func open() throws -> RocksStore {
        try RocksStore(path, purpose: "test", families: [Self.family])
    }

    private func put(_ key: UInt8, _ value: [UInt8], _ store: RocksStore) throws {
        var batch = WriteBatch()
        batch.put(value, for: [key], in: Self.family)
        try store.write(batch, .relaxed)
    }

    @Test("A checkpoint is a store of its own with what was there") func checkpoint() throws {
        let store = try open()
        try put(1, [1], store)
        let target = folder.path + "/checkpoint"
        try store.checkpoint(to: target)
        try put(1, [2], store)
        let copy = try RocksStore(target, purpose: "test", families: [])
        #expect(try copy.value(of: [1], in: Self.family) == [1])
        #expect(copy.families == [Self.family])
        #expect(try store.value(of: [1], in: Self.family) == [2])
        #expect(throws: StorageError.occupied(path: target)) { try store.checkpoint(to: target) }
    }

    @Test("Space of entries that were deleted from the beginning is given back, and the others stay")
    func reclaiming() throws {
        var settings = RocksSettings()
        settings.writeBufferBytes = 64 << 10
        let store = try RocksStore(path, purpose: "test", families: [Self.family], settings: settings)
        for key in UInt8(0)..<200 { try put(key, SealedValue.make(UInt64(key), length: 5000), store) }
        try store.compact()
        let before = try #require(try store.statistics().families.first).fileBytes
        var batch = WriteBatch()
        batch.delete(KeyRange(from: [], upTo: [150]), in: Self.family)
        try store.write(batch, .relaxed)
        try store.reclaim(below: [150], in: Self.family)
        let after = try #require(try store.statistics().families.first).fileBytes
        #expect(after * 3 < before, "\(before) bytes, then \(after)")
        let left = try store.entries(in: .all, of: Self.family, limit: 1000)
        #expect(left.map(\.key) == (UInt8(150)..<200).map { [$0] })
        #expect(left.allSatisfy { $0.value == SealedValue.make(UInt64($0.key[0]), length: 5000) })
    }

    @Test("A checkpoint that a crash cut short is not taken for a store") func unfinished() throws {
        let store = try open()
        let target = folder.path + "/checkpoint"
        try store.checkpoint(to: target)
        try FileManager.default.removeItem(atPath: target + "/STORE")
        #expect(throws: StorageError.foreign(path: target, .unmarked)) {
            _ = try RocksStore(target, purpose: "test", families: [])
        }
    }

    @Test("Statistics count keys, bytes and files by family") func statistics() throws {
        let store = try open()
        for key in UInt8(0)..<50 { try put(key, SealedValue.make(UInt64(key), length: 500), store) }
        let before = try #require(try store.statistics().families.first)
        #expect(before.family == Self.family)
        #expect(before.keys == 50)
        #expect(before.files.reduce(0, +) == 0)
        #expect(before.memoryBytes > 25_000)
        try store.compact()
        let statistics = try store.statistics()
        let after = try #require(statistics.families.first)
        #expect(after.files.reduce(0, +) == 1)
        #expect(after.fileBytes > 25_000)
        #expect(statistics.lastSequence == 50)
        #expect(statistics.backgroundErrors == 0)
        #expect(!statistics.isWriteStopped)
    }

    @Test("Compaction gives the space of deleted entries back") func compaction() throws {
        let store = try open()
        for key in UInt8(0)..<100 { try put(key, SealedValue.make(UInt64(key), length: 2000), store) }
        try store.compact()
        let full = try #require(try store.statistics().families.first?.fileBytes)
        var batch = WriteBatch()
        batch.delete(KeyRange(from: [], upTo: [90]), in: Self.family)
        try store.write(batch, .durable)
        try store.compact()
        let left = try #require(try store.statistics().families.first?.fileBytes)
        #expect(left < full / 5)
        #expect(try store.verify().families.map(\.entries) == [10])
    }

    @Test("Verification reads every entry") func verification() throws {
        let store = try open()
        for key in UInt8(0)..<20 { try put(key, [1, 2, 3], store) }
        try store.compact()
        for key in UInt8(20)..<30 { try put(key, [1, 2, 3], store) }
        let part = try #require(try store.verify().families.first)
        #expect(part.entries == 30)
        #expect(part.bytes == 30 * 4)
    }

    @Test("A reader beside the writer sees what it caught up to, through compactions") func secondary() throws
    {
        let store = try open()
        try put(1, [1], store)
        let reader = try RocksSecondary(path, purpose: "test", scratch: folder.path + "/scratch")
        #expect(try reader.value(of: [1], in: Self.family) == [1])
        let cursor = try reader.cursor(over: .all, in: Self.family, .forward)
        for round in UInt8(2)...6 {
            try put(1, [round], store)
            try put(round, [round], store)
            if round % 2 == 0 { try store.compact() }
            #expect(try reader.value(of: [round], in: Self.family) == nil)
            try reader.catchUp()
            let found = try reader.value(of: [1], in: Self.family)
            #expect(found == [round], "round \(round)")
            #expect(try reader.value(of: [round], in: Self.family) == [round])
        }
        #expect(try cursor.next() == Entry(key: [1], value: [1]))
        #expect(try cursor.next() == nil)
        #expect(try reader.entries(in: .all, of: Self.family, limit: 99).count == 6)
        #expect(try reader.verify().families.map(\.entries) == [6])
        #expect(reader.statistics().families.map(\.family) == [Self.family])
        try store.close()
    }

    @Test("A reader that is opened while logs become files misses nothing that was there before")
    func opened() throws {
        var settings = RocksSettings()
        settings.writeBufferBytes = 64 << 10
        let store = try RocksStore(path, purpose: "test", families: [Self.family], settings: settings)
        let written = Atomic<UInt64>(0)
        let isDone = Atomic<Bool>(false)
        @Sendable func key(_ number: UInt64) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        }
        let missed = onThreads(2) { [path, scratch = folder.path + "/scratch"] thread -> [String] in
            if thread == 0 {
                var number: UInt64 = 0
                while !isDone.load(ordering: .acquiring) {
                    number += 1
                    var batch = WriteBatch()
                    batch.put(SealedValue.make(number, length: 4000), for: key(number), in: Self.family)
                    do { try store.write(batch, .relaxed) } catch { return ["\(error)"] }
                    written.store(number, ordering: .releasing)
                    Thread.sleep(forTimeInterval: 0.001)
                }
                return []
            }
            defer { isDone.store(true, ordering: .releasing) }
            var missed: [String] = []
            for round in 0..<80 {
                let last = written.load(ordering: .acquiring)
                do {
                    let reader = try RocksSecondary(
                        path, purpose: "test", scratch: "\(scratch)\(round)")
                    for number in last - min(last, 60)..<last {
                        if try reader.value(of: key(number + 1), in: Self.family) == nil {
                            missed.append("\(number + 1) of \(last) in round \(round)")
                        }
                    }
                } catch {
                    missed.append("round \(round): \(error)")
                }
            }
            return missed
        }
        #expect(missed.flatMap(\.self) == [])
        try store.close()
    }
}
