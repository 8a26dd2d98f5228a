import Assembly
import Configuration
import Foundation
import RocksStorage
import Storage
import TestSupport
import Testing

@Suite("Keys of a data directory") struct StoreKeysTests {
    private let folder: PrivateFolder
    private let configuration: GatewayConfiguration
    private var keyFile: String { folder.path + "/key" }
    private var ringFile: String { folder.path + "/data/keys/data.keys" }

    init() throws {
        folder = try PrivateFolder()
        let file = folder.path + "/attune.toml"
        try """
        [persistence]
        rocksdb_path = "\(folder.path)/data"
        encrypt = true
        key = "file:\(folder.path)/key"
        """.write(toFile: file, atomically: true, encoding: .utf8)
        configuration = try GatewayConfiguration.load(path: file, environment: [:], references: .kept)
            .configuration
    }

    private func keys(creates: Bool = false) throws -> StoreKeys {
        let keys = StoreKeys(configuration, environment: [:], creates: creates)
        _ = try keys.sealing()
        return keys
    }

    private func setUp() throws -> KeySetup.Report {
        try KeySetup(configuration, environment: [:]).run(adopts: false)
    }

    private func rotate(key: Bool = false) throws -> KeyRotation.Report {
        try KeyRotation(configuration, environment: [:]).run(renewsKey: key)
    }

    private func put(_ value: String) throws {
        let opened = try DataStore.core.open(
            configuration, keys: keys(creates: true), families: [Family("a")],
            settings: DataStore.core.settings(configuration))
        var batch = WriteBatch()
        batch.put(Array(value.utf8), for: [1], in: Family("a"))
        try opened.store.write(batch, .durable)
        try opened.store.close()
    }

    private func value() throws -> String? {
        try DataStore.core.reading(configuration) { reader throws(StorageError) in
            try reader.value(of: [1], in: Family("a")).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func place(_ key: Data, mode: Int) throws {
        try key.write(to: URL(filePath: keyFile))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: keyFile)
    }

    @Test("are made once, by the first who needs them") func made() throws {
        #expect(try keys().sealing() == nil)
        let reports = onThreads(4) { [configuration] _ in
            try? KeySetup(configuration, environment: [:]).run(adopts: false)
        }
        #expect(reports.count { $0?.isNew == true } >= 1)
        #expect(Set(reports.map { $0?.keyID }).count == 1)
        try put("sealed")
        #expect(try value() == "sealed")
        #expect(try setUp().isNew == false)
    }

    @Test("are counted up without a gap by many who renew them at once") func contended() throws {
        _ = try setUp()
        let epochs = onThreads(6) { [configuration] _ in
            let rotation = KeyRotation(configuration, environment: [:])
            return (0..<5).map { _ in (try? rotation.run(renewsKey: false).epoch) ?? 0 }
        }
        #expect(epochs.flatMap(\.self).sorted() == Array(2...31))
        #expect(KeyReport(configuration, environment: [:]).dataKeys.map(\.epoch) == Array(1...31))
    }

    @Test("open what was sealed with every earlier one, also under a renewed key") func renewed() throws {
        try put("first")
        let old = try String(contentsOfFile: keyFile, encoding: .utf8)
        let report = try rotate(key: true)
        #expect(report.epoch == 2)
        #expect(try value() == "first")
        #expect(try String(contentsOfFile: report.keptAt ?? "", encoding: .utf8) == old)
        try put("second")
        #expect(try value() == "second")
    }

    @Test("are renewed where a link leads to, and those that stood beside the one in use are kept")
    func linked() throws {
        let target = folder.path + "/kept/elsewhere"
        try FileManager.default.createDirectory(
            atPath: folder.path + "/kept", withIntermediateDirectories: true)
        try put("value")
        let other = String(repeating: "ab", count: 32)
        let old = try String(contentsOfFile: keyFile, encoding: .utf8)
        try FileManager.default.removeItem(atPath: keyFile)
        try Data((old + other + "\n").utf8).write(to: URL(filePath: target))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: target)
        try FileManager.default.createSymbolicLink(atPath: keyFile, withDestinationPath: target)
        let report = try rotate(key: true)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: keyFile) == target)
        #expect(try value() == "value")
        let kept = try #require(report.keptAt)
        #expect(try String(contentsOfFile: kept, encoding: .utf8).contains(other))
        for path in [target, kept] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode == 0o600)
        }
    }

    @Test("allow a store without them to be sealed once, and not again after it was") func adoption() throws {
        let plain = try RocksStore(
            DataStore.core.path(configuration), purpose: DataStore.core.rawValue, families: [Family("a")])
        var batch = WriteBatch()
        batch.put(Array("from before".utf8), for: [1], in: Family("a"))
        try plain.write(batch, .durable)
        let copy = folder.path + "/copy"
        try plain.checkpoint(to: copy)
        try plain.close()
        #expect(try keys(creates: true).sealing()?.ring.adopts == ["core"])
        try put("value")
        #expect(try keys().sealing()?.ring.adopts == [])
        // Somebody puts values of their own in its place.
        try FileManager.default.removeItem(atPath: DataStore.core.path(configuration))
        try FileManager.default.moveItem(atPath: copy, toPath: DataStore.core.path(configuration))
        let refusal = StorageError.foreign(path: DataStore.core.path(configuration), .unsealed)
        #expect(throws: refusal) { try put("value") }
    }

    @Test("are renewed by a process that may be killed at each of its steps") func interrupted() throws {
        try put("value")
        let oldKey = try String(contentsOfFile: keyFile, encoding: .utf8)
        let oldRing = try #require(FileManager.default.contents(atPath: ringFile))
        _ = try rotate(key: true)
        let newKey = try String(contentsOfFile: keyFile, encoding: .utf8)
        let newRing = try #require(FileManager.default.contents(atPath: ringFile))
        // Both keys in the file, the ring under the old one; then under the new one; then the new key alone.
        for (key, ring) in [(newKey + oldKey, oldRing), (newKey + oldKey, newRing), (newKey, newRing)] {
            try Data(key.utf8).write(to: URL(filePath: keyFile))
            try ring.write(to: URL(filePath: ringFile))
            #expect(try value() == "value")
            _ = try rotate()
            #expect(try value() == "value")
        }
    }

    @Test("that are wrong, gone or open to others are told, and none is made in their place") func faults()
        throws
    {
        try put("value")
        let key = try #require(FileManager.default.contents(atPath: keyFile))
        try FileManager.default.removeItem(atPath: keyFile)
        let missing = KeyFault.missingKey(path: keyFile, ring: ringFile)
        #expect(throws: missing) { try keys(creates: true) }
        #expect(throws: StorageError.key(missing)) { try value() }
        #expect(!FileManager.default.fileExists(atPath: keyFile))
        try place(key, mode: 0o644)
        #expect(throws: KeyFault.exposed(path: keyFile, mode: 0o644)) { try keys(creates: true) }
        try place(Data("\(String(repeating: "0", count: 64))\n".utf8), mode: 0o600)
        let isTold: Bool
        do {
            _ = try keys(creates: true)
            isTold = false
        } catch KeyFault.wrong(let ring, _, let found) {
            isTold = ring == ringFile && found.count == 1
        }
        #expect(isTold)
        try place(key, mode: 0o600)
        try FileManager.default.removeItem(atPath: ringFile)
        #expect(throws: KeyFault.missingRing(path: ringFile, store: DataStore.core.path(configuration))) {
            try keys(creates: true)
        }
        #expect(!FileManager.default.fileExists(atPath: ringFile))
    }

    @Test("go with a checkpoint, and never over those of another directory") func checkpoints() throws {
        try put("value")
        let target = folder.path + "/copy"
        let files = try DataStore.core.open(configuration)
        try DataStore.core.checkpoint(files, to: "\(target)/core", configuration)
        let copy = target + "/keys/data.keys"
        #expect(FileManager.default.contentsEqual(atPath: copy, andPath: ringFile))
        #expect(throws: StorageError.occupied(path: "\(target)/core")) {
            try DataStore.core.checkpoint(files, to: "\(target)/core", configuration)
        }
        try FileManager.default.removeItem(atPath: target + "/core")
        try Data("another's".utf8).write(to: URL(filePath: copy))
        #expect(throws: StorageError.occupied(path: copy)) {
            try DataStore.core.checkpoint(files, to: "\(target)/core", configuration)
        }
        #expect(try String(contentsOfFile: copy, encoding: .utf8) == "another's")
        try files.close()
    }
}
