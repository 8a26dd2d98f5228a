import Foundation
import RocksStorage
import Storage
import StoreContract
import TestSupport
import Testing

@Suite("A damaged store") struct DamageTests {
    static let family = Family("a")
    let folder: PrivateFolder
    let path: String

    init() throws {
        folder = try PrivateFolder()
        path = folder.path + "/s"
    }

    private func open() throws(StorageError) -> RocksStore {
        try RocksStore(path, purpose: "test", families: [Self.family])
    }

    /// Writes numbered entries, each on disk before the next.
    private func fill(_ count: Int, compacted: Bool) throws {
        let store = try open()
        for number in 0..<count {
            var batch = WriteBatch()
            batch.put(SealedValue.make(UInt64(number), length: 300), for: [UInt8(number)], in: Self.family)
            try store.write(batch, number == count - 1 ? .durable : .relaxed)
        }
        if compacted { try store.compact() }
        try store.close()
    }

    private func files(_ suffix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(suffix) }.sorted()
            .map { path + "/" + $0 }
    }

    private func flip(_ file: String, at offset: UInt64) throws {
        let handle = try #require(FileHandle(forUpdatingAtPath: file))
        try handle.seek(toOffset: offset)
        let byte = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: [byte ^ 0x10])
        try handle.close()
    }

    private func size(_ file: String) throws -> UInt64 {
        try #require(FileManager.default.attributesOfItem(atPath: file)[.size] as? UInt64)
    }

    @Test("with a damaged sorted file never gives another value than was written", arguments: 0..<24)
    func sortedFile(_ part: Int) throws {
        try fill(60, compacted: true)
        let file = try #require(try files(".sst").first)
        // Spread over the whole file, its data, filter, index and end.
        try flip(file, at: try size(file) * UInt64(part) / 24 + UInt64(part) % 7)
        do throws(StorageError) {
            let store = try open()
            for number in 0..<60 {
                let found = try store.value(of: [UInt8(number)], in: Self.family)
                #expect(found == SealedValue.make(UInt64(number), length: 300))
            }
            let report = try store.verify()
            #expect(report.families.map(\.entries) == [60])
        } catch {
            #expect(error.isCorruption, "\(error)")
        }
    }

    @Test("with a damaged block of data names the file when it is verified") func verified() throws {
        try fill(60, compacted: true)
        let file = try #require(try files(".sst").first)
        try flip(file, at: 100)
        let store = try open()
        let error = try #require(throws: StorageError.self) { _ = try store.verify() }
        #expect(error.isCorruption)
        #expect(error.description.contains(file.split(separator: "/").last ?? "?"))
    }

    @Test("with a damaged log gives its first part and says so", arguments: [0.05, 0.3, 0.7, 0.95])
    func log(_ place: Double) throws {
        try fill(60, compacted: false)
        let file = try #require(try files(".log").last)
        try flip(file, at: UInt64(60 * 340 * place))
        let store = try open()
        guard case .cutShort(let detail) = store.report else {
            Issue.record("it was not noticed")
            return
        }
        #expect(detail.hasPrefix("Corruption: "))
        let found = try store.entries(in: .all, of: Self.family, limit: 99)
        #expect(found.count < 60)
        #expect(found.map(\.key) == (0..<found.count).map { [UInt8($0)] })
        #expect(found.allSatisfy { SealedValue.isWhole($0.value) })
        // What was found once is not found again, and the store takes writes.
        try store.close()
        let again = try open()
        #expect(again.report == .whole)
        #expect(try again.entries(in: .all, of: Self.family, limit: 99) == found)
    }

    @Test("without one of its files does not open") func lostFile() throws {
        try fill(60, compacted: true)
        try FileManager.default.removeItem(atPath: try #require(try files(".sst").first))
        #expect(throws: StorageError.self) { _ = try open() }
    }

    @Test("with a manifest that is garbage is told as damaged") func manifest() throws {
        try fill(5, compacted: true)
        try "garbage".write(toFile: path + "/CURRENT", atomically: false, encoding: .utf8)
        let error = try #require(throws: StorageError.self) { _ = try open() }
        #expect(error.isCorruption, "\(error)")
    }
}
