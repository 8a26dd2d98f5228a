import Configuration
import Foundation
import Storage
import TestSupport
import Testing

@testable import Assembly

@Suite("The gateway's own store") struct CoreStoreTests {
    @Test("keeps its newest checkpoint beside one of a clock that was ahead, and nothing that is half made")
    func checkpoints() throws {
        let folder = try PrivateFolder()
        let file = folder.path + "/attune.toml"
        try """
        [persistence]
        rocksdb_path = "\(folder.path)/data"
        encrypt = false
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let configuration = try GatewayConfiguration.load(path: file, environment: [:], references: .kept)
            .configuration
        let core = CoreStore(configuration, StoreKeys(configuration, environment: [:], creates: false))
        let store = try core.open([Family("a")])
        defer { try? store.close() }
        func names() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: core.checkpoints).sorted()
        }
        try core.checkpoint()
        let first = try #require(try names().first)
        let ahead = ["2200-01-01T00:00:00.000000Z", "2200-01-02T00:00:00.000000Z"]
        for name in ahead {
            try FileManager.default.copyItem(
                atPath: "\(core.checkpoints)/\(first)", toPath: "\(core.checkpoints)/\(name)")
        }
        for name in ["2020-01-01T00:00:00.000000Z", "by hand"] {
            try FileManager.default.createDirectory(
                atPath: "\(core.checkpoints)/\(name)", withIntermediateDirectories: true)
        }
        try core.checkpoint()
        var kept = try names()
        #expect(kept.count == 3 && kept.last == "by hand")
        let second = kept[0]
        #expect(second > first && kept[1] == ahead[1])
        try core.checkpoint()
        kept = try names()
        #expect(kept.count == 3 && kept[0] > second && kept[1] == ahead[1])
    }
}
