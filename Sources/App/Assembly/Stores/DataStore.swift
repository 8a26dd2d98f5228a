import Configuration
import Foundation
import RocksStorage
import Sealing
import Storage

/// A store of the gateway's data directory, which one process writes.
package enum DataStore: String, Sendable, CaseIterable {
    /// The gateway's.
    case core
    /// The learner's.
    case learner

    package func path(_ configuration: GatewayConfiguration) -> String {
        "\(configuration.persistence.directory.value)/\(rawValue)"
    }

    /// Whether there is anything where the store would be.
    package func isThere(_ configuration: GatewayConfiguration) -> Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: path(configuration))
        return names.map { !$0.isEmpty } ?? false
    }

    package func settings(_ configuration: GatewayConfiguration) -> RocksSettings {
        RocksSettings(configuration.persistence)
    }

    /// Opens its files for writing, which only one process can at a time; its values as they lie there.
    /// - Throws: as `RocksStore`'s; `missing` where nothing is.
    package func open(_ configuration: GatewayConfiguration) throws(StorageError) -> RocksStore {
        try RocksStore(
            path(configuration), purpose: rawValue, families: [],
            settings: RocksSettings(configuration.persistence), create: false)
    }

    /// Opens it for writing, or makes it: the one way to its values for all who write them.
    /// - Throws: as `RocksStore`'s and `SealedStore`'s, and `key`.
    package func open(
        _ configuration: GatewayConfiguration, keys: StoreKeys, families: [Family],
        settings: RocksSettings, create: Bool = true
    ) throws(StorageError) -> OpenedStore {
        guard create || isThere(configuration) else { throw .missing(path: path(configuration)) }
        return try open(
            at: path(configuration), keys: keys, families: families, settings: settings, create: create)
    }

    package func open(
        at path: String, keys: StoreKeys, families: [Family], settings: RocksSettings, create: Bool = true
    ) throws(StorageError) -> OpenedStore {
        let sealing = try keys.forWriting()
        let files = try RocksStore(
            path, purpose: rawValue,
            families: families + (sealing == nil ? [] : [SealedStore.family]), settings: settings,
            create: create)
        guard let sealing else {
            guard try !SealedStore.isSealed(files) else { throw .foreign(path: path, .sealed) }
            return OpenedStore(files: files, store: files)
        }
        let store = try SealedStore(
            files, purpose: rawValue, path: path, keys: sealing
        ) { () throws(StorageError) in try files.compact() }
        keys.spend([rawValue])
        store.tend()
        return OpenedStore(files: files, store: store)
    }

    /// Makes a copy of an open store, and beside it one of the key ring that opens it.
    package func checkpoint(
        _ files: RocksStore, to path: String, _ configuration: GatewayConfiguration
    ) throws(StorageError) {
        try checkpoint(files, to: path, ring: KeyRingFile(configuration))
    }

    /// - Parameter ring: the key ring of the store's data directory.
    func checkpoint(_ files: RocksStore, to path: String, ring: KeyRingFile) throws(StorageError) {
        let copy = KeyRingFile(dataDirectory: URL(filePath: path).deletingLastPathComponent().path)
        // Another data directory's keys are not to be written over.
        guard !FileManager.default.fileExists(atPath: path) else { throw .occupied(path: path) }
        guard !copy.isThere || copy.holdsSame(as: ring) else { throw .occupied(path: copy.path) }
        // What is copied before makes the copy of the store whole from its first moment, and what is copied
        // after has the keys that came meanwhile.
        try ring.copy(to: copy)
        try files.checkpoint(to: path)
        try ring.copy(to: copy)
    }

    /// Reads it beside the process that may be writing it, for as long as `body` takes; its values opened
    /// with the configured key, if they are sealed.
    /// - Parameters:
    ///   - keys: nil for those that the configuration says.
    ///   - scratch: a directory for RocksDB's messages, which is removed.
    package func reading<Result>(
        _ configuration: GatewayConfiguration, keys: StoreKeys? = nil,
        scratch: String = NSTemporaryDirectory() + "attune-store-\(UUID().uuidString)",
        _ body: (StoreReader) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let files = try RocksSecondary(
            path(configuration), purpose: rawValue, scratch: scratch,
            settings: RocksSettings(configuration.persistence))
        return try body(
            StoreReader(
                files, purpose: rawValue, keys: keys ?? StoreKeys(configuration, creates: false)))
    }

    /// The names of those whose values are sealed, or are being sealed; none that can't be read.
    static func sealed(_ configuration: GatewayConfiguration) -> Set<String> {
        let found = allCases.filter { store in
            let isSealed = try? store.reading(configuration) { reader throws(StorageError) in
                try SealedStore.isSealed(reader.files)
            }
            return isSealed == true
        }
        return Set(found.map(\.rawValue))
    }

    /// The names of the stores that are there and were never sealed.
    /// - Throws: `missingRing` if there is one that was and that is not expected, or nobody can tell.
    static func unsealed(
        _ configuration: GatewayConfiguration, expectsSealed: Bool
    ) throws(KeyFault) -> Set<String> {
        var names: Set<String> = []
        for store in allCases where store.isThere(configuration) {
            let path = store.path(configuration)
            let fault = KeyFault.missingRing(path: KeyRingFile(configuration).path, store: path)
            do throws(StorageError) {
                let isSealed = try store.reading(configuration) { reader throws(StorageError) in
                    try SealedStore.isSealed(reader.files)
                }
                if !isSealed {
                    names.insert(store.rawValue)
                } else if !expectsSealed {
                    throw .key(fault)
                }
            } catch {
                switch error {
                case .key(let fault): throw fault
                case .corrupt, .inputOutput: throw fault
                default: continue
                }
            }
        }
        return names
    }

    /// What its files take on the disk, logs and what is not yet cleared away among them.
    package func diskBytes(_ configuration: GatewayConfiguration) -> Int {
        let path = path(configuration)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }
}

extension RocksSettings {
    init(_ persistence: PersistenceConfiguration) {
        self.init()
        compression = Compression(persistence.compression)
    }
}

extension RocksSettings.Compression {
    package init(_ compression: PersistenceConfiguration.Compression) {
        switch compression {
        case .lz4: self = .lz4
        case .zstd: self = .zstd
        case .none: self = .none
        }
    }
}
