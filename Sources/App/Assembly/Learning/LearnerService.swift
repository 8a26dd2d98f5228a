import Configuration
import Dashboard
import Foundation
import Identity
import ModelHistory
import Orchestration
import Processes
import RocksStorage
import SharedMemory
import Storage
import Synchronization
import Telemetry
import Transports

/// The gateway's side of learning: starts the learner where `[learning] mode` says, lets it and others
/// attach to the region, and reads what it publishes. Calls never wait for any of it.
final class LearnerService: Sendable {
    private static let drainingMilliseconds = 50
    /// What the learner's process takes beside its learning buffer and its segment.
    private static let ownBytes: UInt64 = 256 << 20

    let members: RegionMembers
    let messages: LearnerMessages
    private let region: CoreRegion
    private let loops: EventLoops
    private let log: Log
    /// The gateway's store, from which a learner in this process reads the journal.
    private let store: any OrderedStore
    private struct State {
        /// Where the learner runs in fact.
        var mode: LearningConfiguration.Mode
        var isStopped = false
        var server: AttachServer?
        var supervisor: LearnerSupervisor?
        var inline: InlineLearner?
        var watch: Task<Void, Never>?
    }
    private let state: Mutex<State>

    private init(
        _ mode: LearningConfiguration.Mode, _ region: CoreRegion, _ loops: EventLoops,
        _ store: any OrderedStore, _ log: Log
    ) {
        self.store = store
        state = Mutex(State(mode: mode))
        self.region = region
        self.loops = loops
        self.log = log
        members = RegionMembers(
            core: region.segment, sizes: region.sizes, takesLearner: mode == .process, log: log)
        messages = LearnerMessages(core: region.segment)
    }

    /// Starts what the mode asks for; what can't be started is said in the log, and calls are served without
    /// it.
    ///
    /// - Parameter isShared: false for a gateway of one client, beside which others of the same
    ///   configuration may run: it learns by itself.
    static func start(
        _ configuration: GatewayConfiguration, region: CoreRegion, loops: EventLoops, lifeline: Lifeline,
        store: any OrderedStore, isShared: Bool, keys: StoreKeys, log: Log
    ) async -> LearnerService {
        let mode = isShared ? configuration.learning.mode : .inline
        let service = LearnerService(mode, region, loops, store, log)
        service.members.onChange { [weak service] in service?.membersChanged() }
        switch mode {
        case .process:
            if await service.listen(configuration) {
                service.supervise(configuration, keys, lifeline)
            } else {
                service.learnInline(configuration, keys)
            }
        case .inline:
            // Who attaches at once is to find the learner's segment.
            service.learnInline(configuration, keys)
            if isShared { _ = await service.listen(configuration) }
        case .external: service.watch(RegionDirectory(path: configuration.regionDirectory))
        case .off: break
        }
        service.drain()
        return service
    }

    /// - Returns: false if nothing can attach.
    private func listen(_ configuration: GatewayConfiguration) async -> Bool {
        let store = CertificateStore(directory: configuration.certificateDirectory)
        do {
            try store.prepare()
            let server = try await AttachServer.start(
                at: configuration.attachPlaces, identity: try TLSIdentity(.gateway, in: store), on: loops,
                provider: members)
            state.withLock { $0.server = server }
            return true
        } catch {
            log.error(
                "nothing can attach to the gateway's region: the gateway itself learns",
                ["socket": .string(configuration.attachPlaces.control), "reason": .string("\(error)")])
            return false
        }
    }

    private func supervise(
        _ configuration: GatewayConfiguration, _ keys: StoreKeys, _ lifeline: Lifeline
    ) {
        let budgets = MemoryBudgets(configuration)
        let bytes = UInt64(budgets.learningBufferBytes + region.sizes.learnerSegmentBytes) + Self.ownBytes
        let supervisor = LearnerSupervisor(
            arguments: [
                "--socket", configuration.attachPlaces.control, "--certificates",
                configuration.certificateDirectory, "--checkpoint", configuration.checkpointPath,
                "--model", "\(budgets[.modelStorage])", "--capture",
                configuration.learning.capture.rawValue, "--models", configuration.modelSocketPath, "--data",
                configuration.persistence.directory.value, "--compression",
                configuration.persistence.compression.rawValue, "--interval",
                "\(configuration.learning.modelUpdateInterval.milliseconds)", "--keep",
                "\(configuration.persistence.modelRetentionDays)",
            ], limits: LimitPlan.prepared("attune-learner", memoryBytes: bytes), keys: keys,
            lifeline: lifeline, log: log)
        state.withLock { $0.supervisor = supervisor }
        supervisor.start()
    }

    private func learnInline(_ configuration: GatewayConfiguration, _ keys: StoreKeys) {
        let modelBytes = MemoryBudgets(configuration)[.modelStorage]
        let log = self.log
        let archive = LearnerArchive(
            directory: configuration.persistence.directory.value, socket: configuration.modelSocketPath,
            compression: RocksSettings(configuration.persistence).compression, keys: keys,
            journal: SharedJournal(store: store), modelBytes: modelBytes,
            retention: Retention(configuration),
            talk: { log.info("learner", ["line": .string($0)]) })
        do {
            let learner = try InlineLearner(
                LearnerSizes(region.sizes), core: region.segment, modelBytes: modelBytes,
                patterns: PatternSettings(configuration), archive: archive,
                updateInterval: configuration.learning.modelUpdateInterval)
            members.adopt(learner.own.segment)
            state.withLock { state in
                state.mode = .inline
                state.inline = learner
            }
            messages.follow { learner.attached }
        } catch {
            log.error("the gateway does not learn", ["reason": .string("\(error)")])
        }
    }

    private func watch(_ directory: RegionDirectory) {
        let members = self.members
        let watch = Task.detached {
            var found = RegionDirectory.Found()
            while !Task.isCancelled {
                found = directory.look(found)
                members.found(found)
                try? await Task.sleep(for: RegionDirectory.period)
            }
        }
        state.withLock { $0.watch = watch }
    }

    // MARK: While it runs

    private func membersChanged() {
        let inline = state.withLock { $0.inline }
        inline?.attend(to: members.workers)
        if inline == nil { messages.follow { members.learner?.segment } }
    }

    /// Reads what the learner says, now and from time to time.
    private func drain() {
        guard !state.withLock({ $0.isStopped }) else { return }
        messages.drain()
        _ = loops.all[0].schedule(after: .milliseconds(Self.drainingMilliseconds)) { [weak self] in
            self?.drain()
        }
    }

    var mode: LearningConfiguration.Mode { state.withLock { $0.mode } }

    var processID: Int32? {
        if mode == .inline { return ProcessInfo.processInfo.processIdentifier }
        return members.learner?.processID ?? state.withLock { $0.supervisor }?.processID
    }

    /// The learner's segment as it is read here.
    var learnerSegment: AttachedSegment? {
        state.withLock { $0.inline?.attached } ?? members.learner?.segment
    }

    var restarts: UInt64 { state.withLock { $0.supervisor }?.restarts ?? 0 }

    /// Ends the learner, which saves what it knows, and lets nobody attach any more.
    func stop() async {
        let last = state.withLock { state in
            state.isStopped = true
            defer { state = State(mode: state.mode, isStopped: true) }
            return state
        }
        last.watch?.cancel()
        await last.supervisor?.stop()
        await last.inline?.stop()
        await last.server?.stop()
    }
}

extension GatewayConfiguration {
    /// Where processes attach.
    package var attachPlaces: AttachPlaces {
        learning.socket.map { AttachPlaces(control: $0.value) }
            ?? AttachPlaces(directory: runtimeDirectory, port: core.listen.port)
    }

    package var certificateDirectory: String { "\(persistence.directory.value)/tls" }

    /// What a learner leaves for the next one of this gateway.
    package var checkpointPath: String { "\(runtimeDirectory)/learner-\(core.listen.port).state" }
}
