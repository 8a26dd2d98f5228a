import Dispatch
import Foundation
import Identifiers
import Storage
import Synchronization
import Telemetry

/// The gateway's audit log: takes what happens from any thread, and writes it on one of its own.
package final class AuditLog: Sendable {
    /// While calls come one after the other they are written together, some at a time.
    private static let gathering = 0.01
    /// How long its end is waited for: a disk may hang.
    private static let patience = DispatchTimeInterval.seconds(5)

    private let queue: AuditQueue
    private let worker: AuditWorker
    private let witness: WitnessWriter
    private let settings: AuditSettings
    private let isStarted = Mutex(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - store: has the column families of `AuditFamilies`.
    ///   - key: called on the log's thread, once a second until it gives one.
    ///   - version: the gateway's, for the entry of its start.
    package convenience init(
        _ store: any OrderedStore, key: @escaping AuditKey.Source, witness: AuditWitness,
        settings: AuditSettings, version: String, log: Log
    ) {
        self.init(
            store, key: key, witness: witness, settings: settings, version: version, log: log,
            willWitness: {})
    }

    /// - Parameter willWitness: called before each write of the witness, where its file system may hang.
    init(
        _ store: any OrderedStore, key: @escaping AuditKey.Source, witness: AuditWitness,
        settings: AuditSettings, version: String, log: Log, willWitness: @escaping @Sendable () -> Void
    ) {
        self.settings = settings
        queue = AuditQueue(settings)
        self.witness = WitnessWriter(witness, log: log, willWrite: willWitness)
        worker = AuditWorker(store, queue, key, witness, self.witness, version: version, log: log)
    }

    /// Starts the threads; called once.
    /// - Parameter ready: called there first; returns when the store can be had, or is not to be waited for.
    package func start(when ready: @escaping @Sendable () -> Void = {}) {
        isStarted.withLock { $0 = true }
        witness.start()
        Thread.detachNewThread { [self] in
            Thread.current.name = "attune-audit"
            ready()
            run()
            hasEnded.signal()
        }
    }

    /// Writes what waits and the gateway's end, syncs, and ends; called once. It waits for the disk, 5 s at
    /// most.
    package func stop() {
        add(.stopped)
        queue.end()
        guard isStarted.withLock({ $0 }) else { return }
        let deadline = DispatchTime.now() + Self.patience
        _ = hasEnded.wait(timeout: deadline)
        witness.stop(deadline)
    }

    package var status: AuditStatus { status(at: .now) }

    func status(at now: AuditMoment) -> AuditStatus {
        var status = worker.status(at: now)
        let losses = queue.losses
        status.waiting = queue.waiting
        status.lost &+= losses.lost
        status.refused &+= losses.refused
        return status
    }

    /// What becomes from now on of calls that the log can't take.
    package func set(_ onFailure: AuditSettings.OnFailure) { queue.set(onFailure) }

    // MARK: What happens

    /// What a call has to do before it is forwarded.
    package var gate: AuditGate { queue.gate }

    package var isDurable: Bool { settings.isDurable }

    /// Whether calls are refused that the log can't take.
    package var isRequired: Bool { queue.verdictOnFault == .refused }

    /// Takes the start of a call that waits; `answer` is called once, on any thread, perhaps at once;
    /// not at all where the call ends before.
    package func begin(_ call: AuditedCall, _ answer: @escaping @Sendable (AuditVerdict) -> Void) {
        queue.begin(
            AuditQueue.Item(
                event: .started(call), microseconds: call.record.startMicroseconds, answer: answer))
    }

    /// Takes a call that has ended. Never waits.
    package func ended(_ call: AuditedCall, wasStarted: Bool) {
        queue.add(
            AuditQueue.Item(
                event: .ended(call, wasStarted: wasStarted), microseconds: call.record.startMicroseconds))
    }

    /// Takes anything else. Never waits.
    /// - Returns: false if there was no room for it: it is counted as lost then.
    @discardableResult package func add(_ event: AuditEvent) -> Bool {
        queue.add(AuditQueue.Item(event: event, microseconds: WallClock.microseconds))
    }

    // MARK: The thread

    private func run() {
        worker.turn(now: .now)
        while true {
            let pause = worker.pause(now: .now)
            guard queue.rest(atMost: .microseconds(Int(clamping: pause)), isStuck: worker.isStuck) else {
                break
            }
            if !settings.isDurable, pause > 0 { Thread.sleep(forTimeInterval: Self.gathering) }
            worker.turn(now: .now)
        }
        worker.turn(now: .now, isLast: true)
    }
}
