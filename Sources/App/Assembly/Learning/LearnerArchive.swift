import Configuration
import Foundation
import Identifiers
import ModelHistory
import Orchestration
import RocksStorage
import Storage
import Synchronization
import Telemetry

/// What a learner keeps on disk: the history of its model in a store of its own; and where it finds the
/// gateway's journal.
final class LearnerArchive: Sendable {
    let repository: ModelRepository
    private let keeper: StoreKeeper
    private let journal: any JournalSource
    private let modelBytes: Int
    private let retention: Retention?
    private let home: LearnerStore
    private let socket: String?
    private let talk: @Sendable (String) -> Void
    /// Where `attune model` asks for changes.
    private let server = Mutex<ModelServer?>(nil)

    /// - Parameters:
    ///   - directory: of all stores of the gateway.
    ///   - socket: where `attune model` asks for changes of the history.
    ///   - keys: of the stores.
    ///   - journal: how the gateway's is read; nil for the way of another process.
    ///   - retention: which versions are kept; nil for all.
    ///   - talk: takes what an operator should know.
    init(
        directory: String, socket: String?, compression: RocksSettings.Compression, keys: StoreKeys,
        journal: (any JournalSource)? = nil,
        modelBytes: Int, retention: Retention?, talk: @escaping @Sendable (String) -> Void
    ) {
        let home = LearnerStore(
            directory: directory, compression: compression, keys: keys)
        self.home = home
        keeper = StoreKeeper(
            home, families: ModelRepository.families, wallMicroseconds: { WallClock.microseconds },
            tell: { event in
                switch event {
                case .recovered: talk("the store of the learner's model is written again")
                case .failed(let error): talk("warning: the learner's model is not kept: \(error)")
                case .noCheckpoint: break
                }
            })
        repository = ModelRepository(keeper.store)
        self.journal =
            journal ?? FollowedJournal(path: "\(directory)/\(DataStore.core.rawValue)", keys: keys)
        self.modelBytes = modelBytes
        self.retention = retention
        self.socket = socket
        self.talk = talk
    }

    func start() {
        keeper.start()
        guard let socket else { return }
        do throws(ModelLinkFault) {
            let started = try ModelServer.start(at: socket, repository, home)
            server.withLock { $0 = started }
        } catch {
            talk("warning: attune model can change nothing while the learner runs: \(error)")
        }
    }

    /// Closes the store, after all loops have ended.
    func stop() {
        server.withLock { $0.take() }?.stop()
        keeper.stop()
    }

    /// One for each loop.
    func archivist() -> Archivist {
        Archivist(
            repository, journal: journal, modelBytes: modelBytes, codeVersion: GatewayVersion.text,
            retention: retention)
    }
}
