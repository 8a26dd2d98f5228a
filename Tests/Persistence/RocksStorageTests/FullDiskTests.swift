import Foundation
import RocksStorage
import Storage
import TestSupport
import Testing

/// A file system of a few megabytes in memory, where the user may mount one; it goes with the last reference.
private final class SmallDisk {
    let folder: PrivateFolder

    /// - Returns: nothing where mounting is not allowed.
    init?(megabytes: Int) throws {
        folder = try PrivateFolder()
        guard Self.run("/bin/mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "none", folder.path) else {
            return nil
        }
    }

    deinit { _ = Self.run("/bin/umount", "--lazy", folder.path) }

    static var isPossible: Bool { (try? SmallDisk(megabytes: 1)) ?? nil != nil }

    private static func run(_ program: String, _ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

@Suite("A full disk", .enabled(if: SmallDisk.isPossible, "no file system can be mounted here"))
struct FullDiskTests {
    static let family = Family("a")

    @Test("refuses writes with its cause, reads on, and keeps what it acknowledged when there is room again")
    func full() throws {
        let disk = try #require(try SmallDisk(megabytes: 8))
        let path = disk.folder.path + "/s"
        let ballast = disk.folder.path + "/ballast"
        #expect(FileManager.default.createFile(atPath: ballast, contents: Data(count: 4 << 20)))
        var store = try RocksStore(path, purpose: "test", families: [Self.family])
        var count = 0
        var failure: StorageError?
        while failure == nil, count < 1000 {
            do throws(StorageError) {
                try store.write(batch(count), .durable)
                count += 1
            } catch { failure = error }
        }
        #expect(failure == .noSpace(.write))
        #expect(count > 10)
        #expect(try store.value(of: key(count - 1), in: Self.family) == value(count - 1))
        #expect(throws: StorageError.stopped) { try store.write(batch(count), .durable) }
        #expect(throws: StorageError.stopped) { try store.sync() }
        try FileManager.default.removeItem(atPath: ballast)
        try store.close()
        store = try RocksStore(path, purpose: "test", families: [Self.family])
        let found = try store.entries(in: .all, of: Self.family, limit: 2000)
        #expect(found.count == count || found.count == count + 1)
        #expect(found.map(\.key) == (0..<found.count).map(key))
        try store.write(batch(found.count), .durable)
        try store.close()
    }

    @Test("ends no process, whatever else the store does as it fills up", arguments: 1...16)
    func concurrent(_ turn: Int) throws {
        let disk = try #require(try SmallDisk(megabytes: 6 + turn % 8))
        let (end, output) = try FixtureProcess("StoreFixture", "fill", disk.folder.path + "/s").outcome()
        #expect(end == .exit(0), "\(output)")
        #expect(output.hasSuffix("full\n"), "\(output)")
    }

    @Test("with hardly any room opens a store or says why not", arguments: [0, 8, 20, 32, 64, 128])
    func start(_ kibibytes: Int) throws {
        let disk = try #require(try SmallDisk(megabytes: 8))
        func walk() throws -> (end: FixtureProcess.End, output: String) {
            try FixtureProcess("StoreFixture", "walk", disk.folder.path + "/s", disk.folder.path + "/l")
                .outcome()
        }
        #expect(try walk().end == .exit(0))
        let ballast = try #require(
            FileManager.default.createFile(atPath: disk.folder.path + "/ballast", contents: nil)
                ? FileHandle(forWritingAtPath: disk.folder.path + "/ballast") : nil)
        while (try? ballast.write(contentsOf: Data(count: 4096))) != nil {}
        try ballast.truncate(
            atOffset: max(0, ballast.seekToEnd() - min(ballast.seekToEnd(), UInt64(kibibytes) << 10)))
        let (end, output) = try walk()
        #expect(end == .exit(0) || (end == .exit(4) && output.contains("no space left")), "\(end) \(output)")
    }

    private func key(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }
    private func value(_ number: Int) -> [UInt8] { SealedValue.make(UInt64(number), length: 50_000) }

    private func batch(_ number: Int) -> WriteBatch {
        var batch = WriteBatch()
        batch.put(value(number), for: key(number), in: Self.family)
        return batch
    }
}
