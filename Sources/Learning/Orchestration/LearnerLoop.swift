import Dispatch
import Identifiers
import ModelHistory
import SharedMemory
import Synchronization

/// The learner's thread on one region: a thin shell around `LearnerDesk` that sleeps, wakes and tells the
/// time.
package final class LearnerLoop: @unchecked Sendable {
    // Proof of Sendable: the desk and what is kept of it are used inside `run` alone, which is called once;
    // the rest is locked or immutable.
    /// What the process takes, for the report.
    package struct Readings: Sendable {
        package var processorSeconds: Double
        package var residentBytes: Int

        package init(processorSeconds: Double, residentBytes: Int) {
            self.processorSeconds = processorSeconds
            self.residentBytes = residentBytes
        }
    }

    private struct Inbox {
        var workers: [AttachedSegment]?
        var isStopping = false
    }

    /// Looks at the rings once more, when it is told to stop, before it lets go of what is unread.
    private static let lastTurns = 64
    /// How long the last version is waited for: a disk may hang.
    private static let patience = DispatchTimeInterval.milliseconds(700)

    private let desk: LearnerDesk
    private let file: CheckpointFile?
    private var versions: VersionKeeper
    private let limits: String
    private let readings: @Sendable () -> Readings
    private let inbox: Mutex<Inbox>
    private let bell = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - own: a segment that is used for nothing else.
    ///   - file: where the state is kept for a learner after this one; nil for nowhere.
    ///   - archivist: for this loop alone; nil where nothing is kept but the file.
    ///   - interval: between two versions of the model.
    ///   - modelBytes: what statistics may use.
    ///   - patterns: how patterns are looked for; nil for not at all.
    ///   - limits: how the process is bounded, for the report.
    package init(
        _ own: LearnerSegment, core: AttachedSegment, workers: [AttachedSegment] = [],
        file: CheckpointFile? = nil, archivist: Archivist? = nil, interval: Duration = .seconds(30),
        modelBytes: Int = .max, patterns: PatternSettings? = nil, limits: String = "",
        readings: @escaping @Sendable () -> Readings
    ) throws(LearnerFault) {
        let checkpoint = file?.read(modelBytes: modelBytes)
        desk = try LearnerDesk(
            own, core: core, checkpoint: checkpoint, modelBytes: modelBytes, patterns: patterns)
        self.file = file
        versions = VersionKeeper(
            desk, archivist,
            VersionDuty(
                base: checkpoint?.base, interval: interval.wholeNanoseconds,
                now: MonotonicTime.now.nanoseconds))
        self.limits = limits
        self.readings = readings
        inbox = Mutex(Inbox(workers: workers))
    }

    /// Tells the loop who is attached now; from any thread.
    package func attend(to workers: [AttachedSegment]) {
        inbox.withLock { $0.workers = workers }
        bell.signal()
    }

    /// Makes `run` return soon; from any thread.
    package func stop() {
        inbox.withLock { $0.isStopping = true }
        bell.signal()
    }

    /// Works until `stop`. Called once, on a thread of its own.
    package func run() {
        var pace = PollingPace()
        var schedule = LearnerSchedule(now: MonotonicTime.now.nanoseconds)
        var report = LearnerReport()
        report.attachedMicroseconds = WallClock.microseconds
        report.limits = limits
        var savedRecords = desk.state.counts
        desk.publishPredictions(second: Self.second)
        while true {
            let isStopping = takeMail()
            let found = desk.read(second: Self.second)
            if versions.turn(now: MonotonicTime.now.nanoseconds) { save(&report) }
            report.turns &+= 1
            if found > 0 { report.busyTurns &+= 1 }
            let due = schedule.due(MonotonicTime.now.nanoseconds)
            if due.publish || isStopping { desk.publish(second: Self.second) }
            if due.report || isStopping {
                desk.publishPatterns()
                publish(&report)
            }
            if due.save, desk.state.counts != savedRecords {
                savedRecords = desk.state.counts
                save(&report)
            }
            if isStopping { break }
            let pause = pace.next(found: found)
            _ = bell.wait(timeout: .now() + .nanoseconds(Int(pause.components.attoseconds / 1_000_000_000)))
        }
        finish(&report)
    }

    private static var second: UInt64 { MonotonicTime.now.nanoseconds / 1_000_000_000 }

    private func takeMail() -> Bool {
        let (workers, isStopping) = inbox.withLock { ($0.workers.take(), $0.isStopping) }
        if let workers { desk.attend(to: workers) }
        return isStopping
    }

    // MARK: Telling and saving

    private func publish(_ report: inout LearnerReport) {
        let readings = readings()
        report.counts = desk.state.counts
        report.tools = desk.state.tools.entries.count
        report.processorSeconds = readings.processorSeconds
        report.residentBytes = readings.residentBytes
        let duty = versions.duty
        report.head = duty.hasResumed ? duty.base?.hex ?? "" : ""
        report.version = duty.version
        report.committedMicroseconds = duty.microseconds
        report.fault = [duty.fault, versions.upkeepFault, desk.recovery.fault].filter { !$0.isEmpty }
            .joined(separator: "; ")
        report.recovering = versions.recovering
        report.patterns = desk.patterns?.report
        desk.publish(report)
    }

    private func save(_ report: inout LearnerReport) {
        let bytes = desk.checkpoint(base: versions.duty.base).encoded
        report.stateBytes = bytes.count + (desk.patterns?.patterns.memoryBytes ?? 0)
        _ = file?.write(bytes)
    }

    private func finish(_ report: inout LearnerReport) {
        for _ in 0..<Self.lastTurns where desk.read(second: Self.second) > 0 {}
        save(&report)
        versions.makeLast(within: Self.patience)
        desk.publish(second: Self.second)
        save(&report)
        publish(&report)
        desk.own.segment.retire()
    }
}

extension Duration {
    /// At least 0.
    fileprivate var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000)
    }
}
