import Foundation
import Identity
import ModelHistory
import Orchestration
import Processes
import RocksStorage
import SharedMemory
import Synchronization
import Telemetry
import Transports

/// What `attune learn` runs: the learner as a process of its own.
package enum LearnerProgram {
    package struct Options: Sendable {
        /// How it finds the gateway.
        package enum Link: Sendable {
            /// The control socket, and where the certificates are.
            case socket(path: String, certificates: String)
            /// A directory of segments, and the sizes of the own one.
            case directory(path: String, LearnerSizes)
        }

        package var link: Link
        /// Where the state is kept for the next learner.
        package var checkpointPath: String
        /// What it may use, all told; nil for no bound.
        package var memoryBytes: UInt64?
        package var group: String?
        /// What statistics may use.
        package var modelBytes: Int
        package var patterns: PatternSettings
        /// The directory of the gateway's stores; nil where nothing is kept but the state.
        package var data: String?
        /// Where `attune model` asks for changes of the history.
        package var modelSocket: String?
        package var compression = RocksSettings.Compression.lz4
        /// Between two versions of the model.
        package var updateInterval = Duration.seconds(30)
        /// Which versions are kept; nil for all.
        package var retention: Retention?
        /// Whether it ends with its standard input.
        package var isSupervised: Bool
        /// Of the gateway's stores. A supervised learner gets them over its standard input.
        package var keys = StoreKeys(nil)

        package init(
            link: Link, checkpointPath: String, modelBytes: Int, memoryBytes: UInt64? = nil,
            group: String? = nil, isSupervised: Bool = false
        ) {
            self.link = link
            self.checkpointPath = checkpointPath
            self.modelBytes = modelBytes
            patterns = PatternSettings(modelBytes: modelBytes)
            self.memoryBytes = memoryBytes
            self.group = group
            self.isSupervised = isSupervised
        }
    }

    private static let processName = "attune-learn"
    /// How long the gateway's keys are waited for before the stores are tried without.
    private static let handoverPatience = Duration.seconds(2)

    /// Learns until a signal or the end of standard input.
    ///
    /// - Parameter talk: takes what an operator should know, a line each.
    /// - Returns: the exit code.
    package static func run(_ options: Options, talk: @escaping @Sendable (String) -> Void) async -> Int32 {
        OwnLimits.setName(processName)
        var limits = ""
        if let bytes = options.memoryBytes {
            limits = OwnLimits.apply(group: options.group, memoryBytes: bytes)?.rawValue ?? ""
            if limits.isEmpty {
                talk("warning: the system bounds neither memory nor processor time of the learner")
            }
        }
        do throws(DescriptorFault) {
            try CoreDumps.forbid()
        } catch {
            talk("warning: \(error)")
        }
        let gatewayEnd = options.isSupervised ? listen(options.keys) : nil
        if gatewayEnd != nil { await options.keys.arrive(atMost: Self.handoverPatience) }
        let archive = options.data.map {
            LearnerArchive(
                directory: $0, socket: options.modelSocket, compression: options.compression,
                keys: options.keys, modelBytes: options.modelBytes, retention: options.retention, talk: talk)
        }
        archive?.start()
        let desk = LearnerDuty(
            file: CheckpointFile(path: options.checkpointPath), archive: archive,
            updateInterval: options.updateInterval, modelBytes: options.modelBytes,
            patterns: options.patterns, limits: limits, talk: talk)
        let work: Task<Int32, Never>
        switch options.link {
        case .socket(let path, let certificates):
            work = Task { await desk.followSocket(path, certificates: certificates) }
        case .directory(let path, let sizes):
            work = Task { await desk.followDirectory(RegionDirectory(path: path), sizes) }
        }
        let ends = Task {
            await end(gatewayEnd)
            work.cancel()
        }
        let code = await work.value
        ends.cancel()
        await desk.rest()
        archive?.stop()
        return code
    }

    /// Returns at a signal to stop or when the gateway has ended.
    private static func end(_ gatewayEnd: AsyncStream<Void>?) async {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let signals = Task {
            for await signal in ProcessSignal.all() where signal == .stop { continuation.yield() }
        }
        let gateway = Task {
            guard let gatewayEnd else { return }
            for await _ in gatewayEnd { continuation.yield() }
        }
        for await _ in stream { break }
        signals.cancel()
        gateway.cancel()
    }

    /// Takes what the gateway says over standard input: see `StoreKeys.handover`.
    /// - Returns: what tells of its end.
    private static func listen(_ keys: StoreKeys) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        Thread.detachNewThread {
            while let line = readLine() { keys.take(line) }
            continuation.yield()
            // Nobody waits for this process, which is not to wait for anybody either.
            Thread.sleep(forTimeInterval: 3)
            exit(1)
        }
        return stream
    }

    @Sendable static func readings() -> LearnerLoop.Readings {
        let now = ProcessReadings.now()
        return LearnerLoop.Readings(
            processorSeconds: now.processorSeconds, residentBytes: Int(clamping: now.residentBytes))
    }
}
