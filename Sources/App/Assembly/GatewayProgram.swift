import Audit
import Configuration
import Dashboard
import Forwarding
import Identifiers
import Identity
import Journal
import MetricHistory
import Processes
import Sessions
import SharedMemory
import Storage
import Synchronization
import Telemetry
import Transports

/// The running gateway: constructs the parts, connects them, and takes them down again.
package final class GatewayProgram: Sendable {
    let loops: EventLoops
    let gateway: Gateway
    let connector: ServerConnector
    let recorder: Recorder
    let lifeline: Lifeline
    let log: Log
    let memory: RegionMemory
    /// Nil with `[learning] mode = "off"`.
    let region: CoreRegion?
    /// Of the store `core`, which everything that the gateway keeps shares.
    let keeper: StoreKeeper
    /// Of the data directory.
    let keys: StoreKeys
    /// Nil where nothing is observed.
    let journal: ObservationJournal?
    /// Nil where none is kept.
    let audit: GatewayAudit?
    let history: MetricArchive
    /// Of the newest data key that the audit log was told of.
    let notedEpoch = Mutex<UInt32>(0)
    private struct Shared {
        var loaded: LoadedConfiguration
        var listener: HTTPListener?
        var admin: HTTPListener?
        var socket: LocalSocketListener?
        var learner: LearnerService?
        var isReloading = false
        var isStopping = false
        var isHurried = false
    }
    private let shared: Mutex<Shared>
    private let environment: [String: String]
    let startMicroseconds = WallClock.microseconds

    private init(
        _ loaded: LoadedConfiguration, environment: [String: String], sink: LogSink, lifeline: Lifeline
    ) throws(StartFailure) {
        let configuration = loaded.configuration
        self.environment = environment
        self.lifeline = lifeline
        log = Log(sink: sink, component: "attune")
        memory = RegionMemory(configuration)
        let learns = configuration.learning.mode != .off
        let mostLoops = learns ? RegionSizes.maxLoops : CallIDSequence.maxLoops
        loops = EventLoops(count: min(configuration.core.threads, mostLoops))
        region = learns ? try CoreRegion(configuration, loops: loops.all) : nil
        recorder = Recorder(loops: loops.count, version: GatewayVersion.text, log: log)
        connector = ServerConnector(
            configuration, memory: memory.protocolHandlers, lifeline: lifeline, log: log.component("upstream")
        )
        shared = Mutex(Shared(loaded: loaded))
        keys = try Self.storeKeys(configuration, environment: environment)
        let store = CoreStore(configuration, keys)
        keeper = Self.keeper(store, configuration, log.component("store"))
        audit = try Self.makeAudit(configuration, keeper, log.component("audit"))
        gateway = Gateway(
            plan: try GatewayPlan(configuration, connector), loops: loops.all, connector: connector,
            sealer: try SessionKeys.sealer(configuration, environment: environment, log: log),
            recorder: recorder, startsServers: false, observation: region?.observation, audit: audit,
            memory: GatewayMemory(state: memory.stateManagement, routing: memory.messageRouting))
        if let region { memory.measure(region) }
        journal = Self.journal(configuration, region, keeper)
        history = Self.history(recorder, keeper)
        memory.measure(.historicalData) { store.memoryBytes }
    }

    /// Starts the gateway: when this returns, clients can connect.
    /// - Parameter listens: false for a gateway that serves its own standard streams only, beside which
    ///   another may hold the addresses.
    package static func start(
        _ loaded: LoadedConfiguration, environment: [String: String], listens: Bool = true
    ) async throws(StartFailure) -> GatewayProgram {
        let observability = loaded.configuration.observability
        let sink = try logSink(observability)
        forbidCoreDumps(Log(sink: sink, component: "attune"))
        FileLimit.raise()
        let lifeline: Lifeline
        do throws(LaunchError) {
            lifeline = try await Lifeline.start()
        } catch {
            throw .cannotGuard(reason: "\(error)")
        }
        let program = try GatewayProgram(loaded, environment: environment, sink: sink, lifeline: lifeline)
        program.registerGauges()
        program.registerLearnerMetrics()
        program.registerPatternMetrics()
        program.measureLearning()
        program.registerJournalMetrics()
        program.registerAuditMetrics()
        do throws(StartFailure) {
            if listens { try await program.listen() }
        } catch {
            await program.stop(hurried: true)
            throw error
        }
        program.startStore(keepsMetrics: listens)
        program.noteConfiguration(loaded, changes: [])
        program.noteKeys()
        await program.startLearning(isShared: listens)
        program.gateway.startServers()
        program.gateway.enter(.running)
        return program
    }

    /// Keys and callers' messages are in this process's memory: they are not to end in a file.
    private static func forbidCoreDumps(_ log: Log) {
        do throws(DescriptorFault) { try CoreDumps.forbid() } catch {
            log.warn(
                "other processes of this user can read the gateway's memory", ["reason": .string("\(error)")])
        }
    }

    private static func logSink(_ observability: ObservabilityConfiguration) throws(StartFailure) -> LogSink {
        let destination: LogSink.Destination =
            observability.logFile.map { .file($0.value) } ?? .standardError
        do throws(LogSink.Failure) {
            return try LogSink(
                destination: destination, level: LogLevel(text: observability.logLevel.rawValue) ?? .info,
                format: observability.logFormat == .json ? .json : .text)
        } catch {
            switch error {
            case .cannotOpen(let path, let errno): throw .cannotLog(path: path, errno: errno)
            }
        }
    }

    private func startLearning(isShared: Bool) async {
        guard let region else { return }
        let service = await LearnerService.start(
            configuration, region: region, loops: loops, lifeline: lifeline, store: keeper.store,
            isShared: isShared, keys: keys, log: log.component("learning"))
        shared.withLock { $0.learner = service }
    }

    /// Nil with `[learning] mode = "off"`, and for a moment at the start.
    var learner: LearnerService? { shared.withLock { $0.learner } }

    // MARK: Listening

    private func listen() async throws(StartFailure) {
        let configuration = self.configuration
        let gateway = self.gateway
        var limits = HTTPServerLimits()
        limits.maxBodyBytes = configuration.memory.maxMessageBytes
        limits.maxConnections = configuration.core.maxConnections
        limits.highWaterBytes = configuration.core.messageBufferBytes
        limits.memory = memory.protocolHandlers
        let listener = try await bind(configuration.core.listen, "[core] listen", limits) { loop in
            gateway.loops[loop.index]
        }
        shared.withLock { $0.listener = listener }
        var adminLimits = HTTPServerLimits()
        adminLimits.maxBodyBytes = 64 * 1024
        adminLimits.maxConnections = 256
        let source = AdminBridge(self)
        let recorder = self.recorder
        let admin = try await bind(configuration.core.admin, "[core] admin", adminLimits) { _ in
            AdminFront(source: source, recorder: recorder)
        }
        shared.withLock { $0.admin = admin }
        let path = Self.socketPath(configuration)
        do {
            let socket = try await LocalSocketListener.bind(
                path: path, on: loops, limits: LineLimits(configuration, memory.protocolHandlers)
            ) { loop in gateway.loops[loop.index] }
            shared.withLock { $0.socket = socket }
        } catch {
            // Agents that connect over HTTP need no socket.
            log.warn(
                "no local socket for attune connect", ["path": .string(path), "reason": .string("\(error)")])
        }
    }

    private func bind(
        _ address: ListenAddress, _ key: String, _ limits: HTTPServerLimits,
        front: @escaping @Sendable (any Loop) -> any HTTPFront
    ) async throws(StartFailure) -> HTTPListener {
        let security = configuration.security
        do {
            return try await HTTPListener.bind(
                host: address.host, port: Int(address.port), on: loops, limits: limits,
                allowedHosts: security.allowedHosts, allowedOrigins: security.allowedOrigins,
                foreign: { [audit] request in
                    audit?.turnedAway(
                        status: request.status, path: request.path, principal: "", reason: request.reason)
                }, front: front)
        } catch {
            let errno = HTTPListener.errno(of: error) ?? 0
            throw errno == StartFailure.addressInUseErrno
                ? .addressInUse(address: "\(address)", key: key)
                : .cannotListen(address: "\(address)", key: key, errno: errno)
        }
    }

    /// Where `attune connect` finds a gateway with this configuration.
    package static func socketPath(_ configuration: GatewayConfiguration) -> String {
        "\(configuration.runtimeDirectory)/mcp-\(configuration.core.listen.port).sock"
    }

    package var configuration: GatewayConfiguration { shared.withLock { $0.loaded.configuration } }
    package var configurationFile: String? { shared.withLock { $0.loaded.path } }

    package var mcpURL: String { Self.url(configuration.core.listen, port(\.listener)) + "/mcp" }
    package var adminURL: String { Self.url(configuration.core.admin, port(\.admin)) }

    /// Open connections of clients, by listener.
    var openConnections: [(String, Int)] {
        let (listener, admin, socket) = shared.withLock { ($0.listener, $0.admin, $0.socket) }
        return [
            ("mcp", listener?.connectionCount ?? 0), ("admin", admin?.connectionCount ?? 0),
            ("socket", socket?.connectionCount ?? 0),
        ]
    }

    /// Requests that the transport turned away.
    var refusals: [(listener: String, status: Int, count: Int)] {
        let (listener, admin) = shared.withLock { ($0.listener, $0.admin) }
        return [("mcp", listener), ("admin", admin)].flatMap { name, listener in
            (listener?.refusals ?? [:]).sorted { $0.key < $1.key }.map { (name, $0.key, $0.value) }
        }
    }

    private func port(_ path: KeyPath<Shared, HTTPListener?>) -> Int? {
        shared.withLock { $0[keyPath: path]?.port }
    }

    private static func url(_ address: ListenAddress, _ port: Int?) -> String {
        var address = address
        if let port, let bound = UInt16(exactly: port) { address.port = bound }
        return "http://\(address)"
    }

    // MARK: Reload

    /// Reads the configuration file anew and puts it to use, or leaves everything as it is.
    package func reload() async -> ReloadOutcome {
        let (path, old, isBusy) = shared.withLock { shared in
            defer { shared.isReloading = true }
            return (shared.loaded.path, shared.loaded.configuration, shared.isReloading || shared.isStopping)
        }
        guard !isBusy else { return .busy }
        defer { shared.withLock { $0.isReloading = false } }
        guard let path else { return .refused(problems: ["there is no configuration file to load"]) }
        do {
            let loaded = try GatewayConfiguration.load(
                path: path, environment: environment, references: .read)
            let plan = try GatewayPlan(loaded.configuration, connector)
            let difference = ConfigurationDifference(from: old, to: loaded.configuration)
            gateway.apply(plan)
            connector.keepOnly(plan.serverIDs)
            shared.withLock { $0.loaded = loaded }
            await applyLive(loaded.configuration)
            recorder.events.publish(.reloaded)
            log.info("configuration loaded", ["file": .string(path)])
            noteConfiguration(loaded, changes: Self.changes(difference))
            return .applied(
                changes: Self.changes(difference),
                notes: difference.restartSettings.map { "\($0) takes effect at the next start" }
                    + loaded.warnings.map { "\($0.file):\($0.line ?? 0): \($0.message)" })
        } catch let failure as ConfigurationFailure {
            log.error("configuration refused", ["file": .string(path)])
            return .refused(problems: failure.diagnostics.map { "\($0.file):\($0.line ?? 0): \($0.message)" })
        } catch let failure as StartFailure {
            return .refused(problems: [failure.text])
        } catch {
            return .refused(problems: ["\(error)"])
        }
    }

    private func applyLive(_ configuration: GatewayConfiguration) async {
        let (listener, admin) = shared.withLock { ($0.listener, $0.admin) }
        let security = configuration.security
        for one in [listener, admin] {
            try? await one?.allow(hosts: security.allowedHosts, origins: security.allowedOrigins)
        }
        log.sink.setLevel(LogLevel(text: configuration.observability.logLevel.rawValue) ?? .info)
        audit?.log.set(AuditSettings.OnFailure(security))
    }

    private static func changes(_ difference: ConfigurationDifference) -> [String] {
        difference.addedServers.map { "server \($0) added" }
            + difference.removedServers.map { "server \($0) removed" }
            + difference.changedServers.map { "server \($0) changed" }
            + difference.liveSettings.map { "\($0) changed" }
    }

    // MARK: Stopping

    /// Takes no more calls, waits for those under way up to the drain timeout, and ends everything.
    package func stop(hurried: Bool = false) async {
        let isFirst = shared.withLock { shared in
            defer { shared.isStopping = true }
            return !shared.isStopping
        }
        guard isFirst else { return }
        let (listener, admin, socket) = shared.withLock { ($0.listener, $0.admin, $0.socket) }
        gateway.enter(.draining)
        await listener?.stopAccepting()
        await socket?.close()
        if !hurried {
            log.info("draining")
            await waitForCalls(
                until: .now.advanced(byMilliseconds: configuration.core.drainTimeout.milliseconds))
        }
        gateway.shutDown()
        await listener?.drain()
        await waitForServers()
        await listener?.closeAll()
        await learner?.stop()
        await endStore()
        region?.retire()
        await admin?.closeAll()
        lifeline.stop()
        log.info("stopped")
        await loops.shutdown()
    }

    /// Stops waiting for calls that are under way.
    func cutDrainShort() { shared.withLock { $0.isHurried = true } }

    private func waitForCalls(until deadline: MonotonicTime) async {
        while MonotonicTime.now < deadline, !shared.withLock({ $0.isHurried }) {
            let count = await withCheckedContinuation { continuation in
                gateway.countCalls { continuation.resume(returning: $0) }
            }
            if count == 0 { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
        log.warn("calls were still under way when the drain timeout passed")
    }

    /// Servers are asked to end, then told, then killed; each within a few seconds.
    private func waitForServers() async {
        for _ in 0..<250 where ServerLauncher.running.count > 0 {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension LineLimits {
    /// - Parameter memory: what messages in transit are counted in.
    init(_ configuration: GatewayConfiguration, _ memory: MemoryAccount) {
        self.init()
        self.memory = memory
        maxLineBytes = configuration.memory.maxMessageBytes
        highWaterBytes = configuration.core.messageBufferBytes
    }
}
