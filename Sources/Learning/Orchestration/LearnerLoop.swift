import Dispatch
import Identifiers
import SharedMemory
import Synchronization

/// The learner's thread on one region: a thin shell around `LearnerDesk` that sleeps, wakes and tells the
/// time.
package final class LearnerLoop: @unchecked Sendable {
    // Proof of Sendable: the desk is used inside `run` alone, which is called once; the rest is locked or
    // immutable.
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

    private let desk: LearnerDesk
    private let file: CheckpointFile?
    private let limits: String
    private let readings: @Sendable () -> Readings
    private let inbox: Mutex<Inbox>
    private let bell = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - own: a segment that is used for nothing else.
    ///   - file: where the state is kept for a learner after this one; nil for nowhere.
    ///   - modelBytes: what statistics may use.
    ///   - limits: how the process is bounded, for the report.
    package init(
        _ own: LearnerSegment, core: AttachedSegment, workers: [AttachedSegment] = [],
        file: CheckpointFile? = nil, modelBytes: Int = .max, limits: String = "",
        readings: @escaping @Sendable () -> Readings
    ) throws(LearnerFault) {
        desk = try LearnerDesk(
            own, core: core, checkpoint: file?.read(modelBytes: modelBytes), modelBytes: modelBytes)
        self.file = file
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
            report.turns &+= 1
            if found > 0 { report.busyTurns &+= 1 }
            let due = schedule.due(MonotonicTime.now.nanoseconds)
            if due.publish || isStopping { desk.publish(second: Self.second) }
            if due.report || isStopping { publish(&report) }
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

    private func publish(_ report: inout LearnerReport) {
        let readings = readings()
        report.counts = desk.state.counts
        report.tools = desk.state.tools.entries.count
        report.processorSeconds = readings.processorSeconds
        report.residentBytes = readings.residentBytes
        desk.publish(report)
    }

    private func save(_ report: inout LearnerReport) {
        let bytes = desk.checkpoint.encoded
        report.stateBytes = bytes.count
        _ = file?.write(bytes)
    }

    private func finish(_ report: inout LearnerReport) {
        for _ in 0..<Self.lastTurns where desk.read(second: Self.second) > 0 {}
        desk.publish(second: Self.second)
        save(&report)
        publish(&report)
        desk.own.segment.retire()
    }
}
