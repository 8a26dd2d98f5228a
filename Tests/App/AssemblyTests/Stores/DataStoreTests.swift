import Assembly
import Configuration
import Foundation
import RocksStorage
import Storage
import TestSupport
import Testing

@Suite("Stores of a data directory") struct DataStoreTests {
    private let folder: PrivateFolder
    private let configuration: GatewayConfiguration

    init() throws {
        folder = try PrivateFolder()
        configuration = try Self.configuration(folder, "")
    }

    private static func configuration(
        _ folder: PrivateFolder, _ keys: String
    ) throws -> GatewayConfiguration {
        let file = folder.path + "/attune.toml"
        try "[persistence]\nrocksdb_path = \"\(folder.path)/data\"\n\(keys)\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        return try GatewayConfiguration.load(path: file, environment: [:], references: .kept).configuration
    }

    private func make(_ entries: Int) throws -> RocksStore {
        let family = Family("things")
        let store = try RocksStore(
            DataStore.core.path(configuration), purpose: "core", families: [family])
        var batch = WriteBatch()
        for number in 0..<entries { batch.put([7], for: [UInt8(truncatingIfNeeded: number)], in: family) }
        try store.write(batch, .relaxed)
        return store
    }

    @Test("are read while another has them open, and opened for writing by one only") func reading() throws {
        let writer = try make(9)
        let report = try DataStore.core.reading(configuration) { reader throws(StorageError) in
            try reader.verify()
        }
        #expect(report.families.map(\.entries) == [9])
        #expect(throws: StorageError.locked(path: DataStore.core.path(configuration))) {
            _ = try DataStore.core.open(configuration)
        }
        try writer.close()
    }

    @Test("leave nothing behind where they are read") func scratch() throws {
        try make(1).close()
        let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        try DataStore.core.reading(configuration, scratch: folder.path + "/scratch") {
            reader throws(StorageError) in _ = try reader.verify()
        }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
    }

    @Test("that aren't there are told as missing, and not made") func missing() throws {
        #expect(!DataStore.learner.isThere(configuration))
        #expect(throws: StorageError.missing(path: DataStore.learner.path(configuration))) {
            _ = try DataStore.learner.open(configuration)
        }
        #expect(!DataStore.learner.isThere(configuration))
    }

    // Files of the last level were left as they were, since nothing in them was out of date.
    @Test("keep what they hold when they are compacted with another compression, and take less space")
    func compression() throws {
        let store = try make(1)
        var batch = WriteBatch()
        for number in UInt8(0)..<200 {
            batch.put([UInt8](repeating: 5, count: 10_000), for: [1, number], in: Family("things"))
        }
        try store.write(batch, .relaxed)
        try store.close()
        var sizes: [Int] = []
        for name in ["none", "lz4", "zstd"] {
            let configuration = try Self.configuration(folder, "compression = \"\(name)\"")
            let store = try DataStore.core.open(configuration)
            try store.compact()
            #expect(try store.verify().families.map(\.entries) == [201])
            try store.close()
            sizes.append(DataStore.core.diskBytes(configuration))
        }
        #expect(sizes[0] > 2_000_000 && sizes[1] < 200_000 && sizes[2] < 200_000, "\(sizes)")
    }
}
