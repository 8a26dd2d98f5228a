import Foundation
import Identity
import Orchestration
import SharedMemory
import Synchronization
import Transports

/// Attaches the learner's process to its gateway, again and again, and runs a loop on each region that it
/// gets.
actor LearnerDuty {
    private struct Running {
        let loop: LearnerLoop
        let ended: AsyncStream<Never>
        let generation: UInt64
    }

    private let file: CheckpointFile
    private let archive: LearnerArchive?
    private let updateInterval: Duration
    private let modelBytes: Int
    private let patterns: PatternSettings?
    private let limits: String
    private let talk: @Sendable (String) -> Void
    private var running: Running?
    /// What was said last, which is not said again.
    private var said = ""

    init(
        file: CheckpointFile, archive: LearnerArchive?, updateInterval: Duration, modelBytes: Int,
        patterns: PatternSettings?, limits: String, talk: @escaping @Sendable (String) -> Void
    ) {
        self.file = file
        self.archive = archive
        self.updateInterval = updateInterval
        self.modelBytes = modelBytes
        self.patterns = patterns
        self.limits = limits
        self.talk = talk
    }

    // MARK: By socket

    /// Attaches over TLS until the task is cancelled.
    ///
    /// - Returns: the exit code: 1 if the certificates can't be used.
    func followSocket(_ path: String, certificates: String) async -> Int32 {
        let loops = EventLoops(count: 1)
        defer { Task { await loops.shutdown() } }
        let made = Mutex<LearnerSegment?>(nil)
        let request = AttachRequest(
            role: .learner, name: LearnerSegment.name, layouts: SegmentLayout.supportedVersions,
            processID: ProcessInfo.processInfo.processIdentifier)
        let client: AttachClient
        let attaching: Task<Void, Never>
        do {
            let identity = try TLSIdentity(.learner, in: CertificateStore(directory: certificates))
            (client, attaching) = try AttachClient.start(
                at: AttachPlaces(control: path), as: request, identity: identity, on: loops
            ) { offer throws(SegmentError) in
                guard let grant = offer.grant else { return nil }
                let own = try Self.segment(
                    LearnerSizes(laneBytes: grant.laneBytes, tableBytes: grant.tableBytes))
                made.withLock { $0 = own }
                return own.segment
            }
        } catch {
            talk("error: the learner's certificate in \(certificates) can't be used: \(error)")
            return 1
        }
        return await withTaskCancellationHandler {
            for await event in client.events {
                switch event {
                case .attached(_, let received):
                    if let own = made.withLock({ $0.take() }) { await begin(own, received.found) }
                case .segmentsChanged(let received): running?.loop.attend(to: received.found.workers)
                case .lost(let fault, _):
                    say("not attached: \(fault)")
                    await rest()
                }
            }
            return 0
        } onCancel: {
            attaching.cancel()
        }
    }

    private static func segment(_ sizes: LearnerSizes) throws(SegmentError) -> LearnerSegment {
        do throws(LearnerFault) {
            return try LearnerSegment(sizes)
        } catch {
            if case .segment(let error) = error { throw error }
            throw .plan(.sectionCount(sizes.laneBytes.count))
        }
    }

    // MARK: By path

    /// Looks at the region's directory until the task is cancelled.
    ///
    /// - Returns: the exit code.
    func followDirectory(_ directory: RegionDirectory, _ sizes: LearnerSizes) async -> Int32 {
        var found = RegionDirectory.Found()
        while !Task.isCancelled {
            found = directory.look(found)
            if let core = found.core {
                if running?.generation != core.header.generation {
                    await rest()
                    do throws(LearnerFault) {
                        await begin(try LearnerSegment(sizes, directory: directory.path), found)
                    } catch {
                        say("error: no segment can be made in \(directory.path): \(error)")
                    }
                } else {
                    running?.loop.attend(to: found.workers)
                }
            } else {
                say("no gateway works in \(directory.path)")
                await rest()
            }
            try? await Task.sleep(for: RegionDirectory.period)
        }
        return 0
    }

    // MARK: Running

    private func begin(_ own: LearnerSegment, _ found: RegionDirectory.Found) async {
        await rest()
        guard let core = found.core else { return say("error: the gateway shows no segment of its own") }
        let loop: LearnerLoop
        do throws(LearnerFault) {
            loop = try LearnerLoop(
                own, core: core, workers: found.workers, file: file, archivist: archive?.archivist(),
                interval: updateInterval, modelBytes: modelBytes, patterns: patterns, limits: limits,
                readings: LearnerProgram.readings)
        } catch {
            return say("error: the gateway's segment can't be used: \(error)")
        }
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        Thread.detachNewThread {
            loop.run()
            continuation.finish()
        }
        running = Running(loop: loop, ended: stream, generation: core.header.generation)
        say("attached to the gateway of process \(core.header.owner.processID)")
    }

    /// Ends the loop that runs, which saves what it knows.
    func rest() async {
        guard let running = running.take() else { return }
        running.loop.stop()
        for await _ in running.ended {}
    }

    private func say(_ text: String) {
        guard text != said else { return }
        said = text
        talk(text)
    }
}

extension ReceivedSegments {
    fileprivate var found: RegionDirectory.Found {
        var found = RegionDirectory.Found()
        found.core = segments.first { $0.kind == .core }?.segment
        found.learner = segments.first { $0.kind == .learner }?.segment
        found.workers = segments.filter { $0.kind == .worker }.map(\.segment)
        return found
    }
}
