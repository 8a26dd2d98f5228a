import Configuration
import Foundation
import Identifiers
import RocksStorage
import Storage
import Synchronization
import Telemetry

/// Where the gateway's own store is, for its keeper.
package final class CoreStore: StoreHome {
    /// Checkpoints that are kept; an older one goes when a newer is whole.
    static let keptCheckpoints = 2

    private let configuration: GatewayConfiguration
    private let keys: StoreKeys
    private let opened = Mutex<RocksStore?>(nil)

    package init(_ configuration: GatewayConfiguration, _ keys: StoreKeys) {
        self.configuration = configuration
        self.keys = keys
    }

    /// Where checkpoints are made, each in a directory named for its time.
    package var checkpoints: String { configuration.checkpointDirectory }

    package func open(_ families: [Family]) throws(StorageError) -> any OrderedStore {
        opened.withLock { $0 = nil }
        var settings = RocksSettings(configuration.persistence)
        let budget = MemoryBudgets(configuration)[.historicalData]
        settings.cacheBytes = budget / 2
        settings.writeBufferBytes = min(settings.writeBufferBytes, budget / 8)
        let store = try DataStore.core.open(
            configuration, keys: keys, families: families, settings: settings)
        opened.withLock { $0 = store.files }
        return store.store
    }

    package func bytes(of family: Family) -> Int {
        guard let part = statistics?.families.first(where: { $0.family == family }) else { return 0 }
        return Int(clamping: part.fileBytes)
    }

    /// What the store holds in memory.
    package var memoryBytes: Int {
        guard let statistics else { return 0 }
        return Int(clamping: statistics.families.reduce(statistics.cacheBytes) { $0 &+ $1.memoryBytes })
    }

    private var statistics: StoreStatistics? { try? opened.withLock { $0 }?.statistics() }

    package func reclaim(below end: [UInt8], in family: Family) throws(StorageError) {
        try opened.withLock { $0 }?.reclaim(below: end, in: family)
    }

    package func checkpoint() throws(StorageError) {
        let name = Timestamp.text(WallClock.microseconds)
        let target = "\(checkpoints)/\(name)"
        do {
            try FileManager.default.createDirectory(
                atPath: target, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .inputOutput(.checkpoint, detail: "\(target) can't be made")
        }
        do throws(StorageError) {
            try Failpoint.coreCheckpointPlaced.reach()
            try checkpoint(to: "\(target)/\(DataStore.core.rawValue)")
        } catch {
            try? FileManager.default.removeItem(atPath: target)
            throw error
        }
        Failpoint.coreCheckpointMade.pass()
        removeOldCheckpoints(but: name)
    }

    package func checkpoint(to path: String) throws(StorageError) {
        guard let store = opened.withLock({ $0 }) else { throw .closed }
        try DataStore.core.checkpoint(store, to: path, configuration)
    }

    package func compact() throws(StorageError) {
        guard let store = opened.withLock({ $0 }) else { throw .closed }
        try store.compact()
    }

    /// The one just made stays even if others are of a later time, which a clock that was ahead gave them.
    private func removeOldCheckpoints(but made: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? []
        let others = names.filter { $0 != made && $0.count == made.count && $0.hasSuffix("Z") }
        let whole = others.filter {
            FileManager.default.fileExists(
                atPath: "\(checkpoints)/\($0)/\(DataStore.core.rawValue)/\(RocksStore.markFile)")
        }
        let halfMade = Set(others).subtracting(whole)
        // Times written alike are in the order of time.
        for name in halfMade + whole.sorted().dropLast(Self.keptCheckpoints - 1) {
            try? FileManager.default.removeItem(atPath: "\(checkpoints)/\(name)")
        }
    }
}
