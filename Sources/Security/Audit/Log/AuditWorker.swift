import Foundation
import Identifiers
import Schemas
import Storage
import Synchronization
import Telemetry

/// The log's work, on one thread but for `status`.
final class AuditWorker: @unchecked Sendable {
    // Proof: all but `shown` is used on the log's thread alone, and `shown` is behind a lock.
    /// Entries that are written together.
    private static let mostEntries = 1024
    private static let retryMicroseconds: UInt64 = 1_000_000
    static let syncMicroseconds: UInt64 = 1_000_000

    private let store: any OrderedStore
    private let queue: AuditQueue
    private let source: AuditKey.Source
    private let witness: AuditWitness
    private let version: String
    private let log: Log
    private var ledger: AuditLedger?
    /// The ledger as a write would have left it that failed, and may be there nevertheless.
    private var doubtful: AuditLedger?
    /// What is being written, or could not be.
    private var pending: [AuditQueue.Item] = []
    /// Losses that `pending` is to tell of.
    private var losses: AuditQueue.Losses?
    private var openingFindings: [AuditFinding] = []
    /// Nil until the log was opened.
    private var key: AuditKey?
    /// Whether something was written since the last sync.
    private var isUnsynced = false
    private var nextSync: UInt64 = 0
    private var nextTry: UInt64 = 0
    private var faultSince: UInt64 = 0
    private let shown: Mutex<AuditStatus>

    init(
        _ store: any OrderedStore, _ queue: AuditQueue, _ source: @escaping AuditKey.Source,
        _ witness: AuditWitness, version: String, log: Log
    ) {
        self.store = store
        self.queue = queue
        self.source = source
        self.witness = witness
        self.version = version
        self.log = log
        shown = Mutex(AuditStatus(sinceMicroseconds: WallClock.microseconds))
    }

    var status: AuditStatus { shown.withLock { $0 } }

    /// Whether nothing can be written before the next try.
    var isStuck: Bool { ledger == nil }

    /// What the thread may sleep at most before `turn` has something to do.
    func pause(now: UInt64) -> UInt64 {
        if isStuck { return nextTry > now ? nextTry - now : 0 }
        if isUnsynced { return nextSync > now ? nextSync - now : 0 }
        return Self.syncMicroseconds
    }

    /// Writes what waits.
    /// - Parameter isLast: whether all is to be synced, whatever the time.
    /// - Returns: how many entries were written.
    @discardableResult
    func turn(now: UInt64, isLast: Bool = false) -> Int {
        guard now >= nextTry || isLast else { return 0 }
        do throws(AuditFailure) {
            try open(now)
            if pending.isEmpty {
                pending = queue.take(Self.mostEntries)
                losses = queue.takeLosses()
            }
            return try write(now, isLast: isLast)
        } catch {
            fail(error, now)
            return 0
        }
    }

    // MARK: Opening

    private func open(_ now: UInt64) throws(AuditFailure) {
        guard ledger == nil else { return }
        let reader = AuditReader(store)
        guard key != nil else { return try begin(reader, now) }
        let found = try AuditLedger(reader)
        if let doubtful, let found, found.frontier == doubtful.frontier {
            // The write that failed is there after all.
            ledger = doubtful
            isUnsynced = true
            nextSync = now
            settle(written: pending.count)
        } else {
            ledger = found
        }
        doubtful = nil
    }

    private func begin(_ reader: AuditReader, _ now: UInt64) throws(AuditFailure) {
        let key = try source()
        let opening = try AuditOpening(reader, key, witness, now: now)
        openingFindings += opening.findings.filter { !openingFindings.contains($0) }
        var ledger = opening.ledger
        var batch = WriteBatch()
        let run = AuditEntry.with { entry in
            entry.timestamp = now
            entry.run = AuditRun.with {
                $0.started = true
                $0.version = version
                $0.processID = UInt64(ProcessInfo.processInfo.processIdentifier)
                $0.publicKey = Data(key.publicKey)
                if opening.isNew { $0.logID = Data(ledger.log.bytes) }
            }
        }
        ledger.append(run, to: &batch)
        if !openingFindings.isEmpty {
            ledger.append(
                AuditEntry.with { entry in
                    entry.timestamp = now
                    entry.findings.findings = openingFindings.map(\.description)
                }, to: &batch)
        }
        let head = ledger.seal(key, at: now, to: &batch)
        try commit(batch, .durable)
        self.key = key
        self.ledger = ledger
        if let head { show(head) }
        tell(openingFindings, now)
        shown.withLock { $0.size = ledger.size }
        heal(now)
    }

    private func tell(_ findings: [AuditFinding], _ now: UInt64) {
        for finding in findings {
            log.error("the audit log was tampered with", ["finding": .string("\(finding)")])
        }
        shown.withLock { status in
            status.findings = findings
            if !findings.isEmpty { status.sinceMicroseconds = now }
        }
    }

    // MARK: Writing

    private func write(_ now: UInt64, isLast: Bool) throws(AuditFailure) -> Int {
        guard let old = ledger else { return 0 }
        var next = old
        var batch = WriteBatch()
        for item in pending {
            next.append(AuditEntry(item.event, at: item.microseconds, version: version), to: &batch)
        }
        if let losses { next.append(gap(losses, now), to: &batch) }
        let count = pending.count
        let waits = pending.contains { $0.answer != nil }
        let isDue = (isUnsynced || !batch.isEmpty) && (now >= nextSync || isLast)
        let head = isDue ? key.flatMap { next.seal($0, at: now, to: &batch) } : nil
        guard !batch.isEmpty else {
            if isDue { isUnsynced = false }
            if shown.withLock({ $0.fault != nil }) { try probe() }
            if shown.withLock({ $0.witnessFault != nil }), let head = old.newestHead { show(head) }
            heal(now)
            return 0
        }
        doubtful = next
        try commit(batch, waits || isDue ? .durable : .relaxed)
        doubtful = nil
        ledger = next
        settle(written: count)
        isUnsynced = !isDue
        if isDue { nextSync = now &+ Self.syncMicroseconds }
        if let head { show(head) }
        heal(now)
        return count
    }

    /// What was pending is in the log: who waits for it may go on.
    private func settle(written count: Int) {
        let answered = pending
        if let losses {
            shown.withLock { status in
                status.lost &+= losses.lost
                status.refused &+= losses.refused
            }
        }
        pending = []
        losses = nil
        shown.withLock { status in
            status.written &+= UInt64(count)
            status.size = ledger?.size ?? status.size
        }
        for item in answered { item.answer?(.passed) }
    }

    private func commit(_ batch: WriteBatch, _ durability: Durability) throws(AuditFailure) {
        do throws(StorageError) {
            try Failpoint.auditWriting.reach()
            try store.write(batch, durability)
            Failpoint.auditWritten.pass()
        } catch {
            throw AuditFailure(error)
        }
    }

    /// Shows whether the store can be written where there is nothing to write.
    private func probe() throws(AuditFailure) {
        do throws(StorageError) { try store.sync() } catch { throw AuditFailure(error) }
    }

    private func gap(_ losses: AuditQueue.Losses, _ now: UInt64) -> AuditEntry {
        AuditEntry.with { entry in
            entry.timestamp = now
            entry.gap = AuditGap.with {
                $0.from = losses.since
                $0.until = now
                $0.lost = losses.lost
                $0.refused = losses.refused
                $0.reason = shown.withLock { $0.fault }.map { "\($0)" } ?? "the queue was full"
            }
        }
    }

    /// The head is on disk in the store, so that the witness is never ahead of it.
    private func show(_ head: SignedHead) {
        do throws(AuditWitnessFault) {
            try witness.set(head)
            shown.withLock { $0.witnessFault = nil }
        } catch {
            let isNews = shown.withLock { status in
                defer { status.witnessFault = error }
                return status.witnessFault == nil
            }
            if isNews { log.error("the audit log's witness is not kept", ["reason": .string("\(error)")]) }
        }
    }

    // MARK: Faults

    private func fail(_ error: AuditFailure, _ now: UInt64) {
        ledger = nil
        nextTry = now &+ Self.retryMicroseconds
        let isNews = shown.withLock { status in
            let isNews = status.fault == nil
            if isNews { status.sinceMicroseconds = now }
            status.fault = error
            return isNews
        }
        queue.set(isFaulty: true)
        // Whose start is not on disk goes on or not, as the operator says; the entry is written later.
        for index in pending.indices {
            pending[index].answer?(queue.verdictOnFault)
            pending[index].answer = nil
        }
        if isNews { log.error("the audit log is not written", ["reason": .string("\(error)")]) }
    }

    private func heal(_ now: UInt64) {
        let wasFaulty = shown.withLock { status in
            defer { status.fault = nil }
            if status.fault != nil { status.sinceMicroseconds = now }
            return status.fault != nil
        }
        guard wasFaulty else { return }
        queue.set(isFaulty: false)
        log.info("the audit log is written again")
    }
}
