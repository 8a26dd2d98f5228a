import Configuration
import Foundation
import Identity
import Sealing
import Storage
import Telemetry

/// The keys of a data directory, and what its stores are sealed with, as the files say.
package struct KeyReport {
    package struct Store {
        package enum State: String { case missing, empty, plain, adopting, sealed, unreadable }

        package var store: DataStore
        package var path: String
        package var state: State
        /// Of the earliest data key that a value may be sealed with.
        package var oldestEpoch: UInt32?
        package var problem: String?
    }

    package struct Key {
        package var epoch: UInt32
        package var id: String
        package var created: String
    }

    package private(set) var isEncrypting: Bool
    package private(set) var ringPath: String
    package private(set) var keyText: String
    /// Of the key-encryption key that the ring is under.
    package private(set) var keyID: String?
    package private(set) var fault: KeyFault?
    /// The earliest first.
    package private(set) var dataKeys: [Key] = []
    package private(set) var stores: [Store] = []

    /// Beyond which there is no new one.
    package static var mostDataKeys: Int { KeyRing.mostKeys }

    /// Data keys that no value of the stores is sealed with, as far as that can be told: they are kept for
    /// copies that were made before.
    package var unusedDataKeys: Int {
        guard stores.allSatisfy({ $0.problem == nil }),
            let oldest = stores.compactMap(\.oldestEpoch).min()
        else { return 0 }
        return dataKeys.count { $0.epoch < oldest }
    }

    package var isSound: Bool { fault == nil && stores.allSatisfy { $0.problem == nil } }

    package init(_ configuration: GatewayConfiguration, environment: [String: String]) {
        let file = KeyRingFile(configuration)
        let source = KeySource(configuration, environment: environment)
        isEncrypting = configuration.persistence.encrypt
        ringPath = file.path
        keyText = source.text
        var sealing: SealingKeys?
        if isEncrypting, file.isThere {
            do throws(KeyFault) {
                let keys = try source.keys(creates: false)
                let (ring, index) = try file.open(with: keys)
                keyID = KeyEncryptionKey(keys[index]).id
                dataKeys = ring.keys.map {
                    Key(epoch: $0.epoch, id: $0.idText, created: Timestamp.text($0.createdMicroseconds))
                }
                sealing = SealingKeys(ring)
            } catch {
                fault = error
            }
        }
        let keys =
            sealing.map { StoreKeys($0) } ?? StoreKeys(configuration, creates: false)
        stores = DataStore.allCases.map { Self.store($0, configuration, keys, isKeyed: sealing != nil) }
    }

    private static func store(
        _ store: DataStore, _ configuration: GatewayConfiguration, _ keys: StoreKeys, isKeyed: Bool
    ) -> Store {
        var row = Store(store: store, path: store.path(configuration), state: .missing)
        guard store.isThere(configuration) else { return row }
        do throws(StorageError) {
            (row.state, row.oldestEpoch) = try store.reading(
                configuration, keys: keys
            ) { reader throws(StorageError) in
                let facts = try reader.facts()
                guard let facts else { return (try reader.isEmpty() ? .empty : .plain, nil) }
                return (facts.isWhole ? .sealed : .adopting, facts.oldestEpoch)
            }
            if row.state == .plain, isKeyed { row.problem = "\(StorageError.Strange.unsealed)" }
        } catch {
            row.state = .unreadable
            row.problem = "\(error)"
        }
        return row
    }
}
