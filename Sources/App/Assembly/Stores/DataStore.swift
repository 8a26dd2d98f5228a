import Configuration
import Foundation
import RocksStorage
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

    /// Opens it for writing, which only one process can at a time.
    /// - Throws: as `RocksStore`'s; `missing` where nothing is.
    package func open(_ configuration: GatewayConfiguration) throws(StorageError) -> RocksStore {
        try RocksStore(
            path(configuration), purpose: rawValue, families: [],
            settings: RocksSettings(configuration.persistence), create: false)
    }

    /// Reads it beside the process that may be writing it, for as long as `body` takes.
    /// - Parameter scratch: a directory for RocksDB's messages, which is removed.
    package func reading<Result>(
        _ configuration: GatewayConfiguration,
        scratch: String = NSTemporaryDirectory() + "attune-store-\(UUID().uuidString)",
        _ body: (RocksSecondary) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        return try body(
            try RocksSecondary(
                path(configuration), purpose: rawValue, scratch: scratch,
                settings: RocksSettings(configuration.persistence)))
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
