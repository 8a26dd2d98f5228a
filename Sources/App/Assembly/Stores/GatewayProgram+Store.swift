import Audit
import Configuration
import Dashboard
import Foundation
import Identifiers
import Journal
import MetricHistory
import Storage
import Telemetry

extension GatewayProgram {
    /// The column families of all that is kept in the gateway's own store.
    static let families =
        ObservationJournal.families + AuditFamilies.all + [MetricArchive.family]

    static func keeper(_ home: CoreStore, _ configuration: GatewayConfiguration, _ log: Log) -> StoreKeeper {
        StoreKeeper(
            home, families: families, checkpointInterval: configuration.persistence.checkpointInterval,
            wallMicroseconds: { WallClock.microseconds },
            tell: { event in
                switch event {
                case .recovered: log.info("the store is written again")
                case .failed(let error):
                    log.error("the store is not written", ["reason": .string("\(error)")])
                case .noCheckpoint(let error):
                    log.error("no checkpoint was made", ["reason": .string("\(error)")])
                }
            })
    }

    /// Opens the store, if anything is to be kept in it.
    ///
    /// - Parameter keepsMetrics: false for a gateway beside another that holds the addresses.
    func startStore(keepsMetrics: Bool) {
        guard journal != nil || audit != nil || keepsMetrics else { return }
        keeper.start()
        journal?.start()
        startAudit()
        if keepsMetrics { history.start() }
    }

    /// Ends what writes to the store, then the store, on a thread that may wait for the disk.
    func endStore() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [journal, audit, history, keeper] in
                journal?.stop()
                audit?.log.stop()
                history.stop()
                keeper.stop()
                continuation.resume()
            }
        }
    }

    /// Does what an operator asks of the open store, on a thread that may wait for the disk.
    func tendStore(_ task: StoreTask, _ deliver: @escaping @Sendable (StoreTask.Outcome) -> Void) {
        let configuration = self.configuration
        Thread.detachNewThread { [keeper] in
            let before = DataStore.core.diskBytes(configuration)
            do throws(StorageError) {
                let path: String
                switch task {
                case .checkpoint(let target):
                    try keeper.checkpoint(to: target)
                    path = target
                case .compact:
                    try keeper.compact()
                    path = DataStore.core.path(configuration)
                }
                deliver(
                    .done(
                        path: path, bytesBefore: before, bytesAfter: DataStore.core.diskBytes(configuration)))
            } catch {
                deliver(.failed(reason: "\(error)"))
            }
        }
    }

    /// Why the gateway is degraded, if its store can't be had.
    var storeReason: Readiness.Reason? {
        let status = keeper.status
        guard let fault = status.fault else { return nil }
        return Readiness.Reason(
            component: "store:core", state: "down", detail: "\(fault)",
            sinceMicroseconds: status.sinceMicroseconds)
    }
}
