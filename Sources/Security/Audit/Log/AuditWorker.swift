import Foundation
import Identifiers
import Schemas
import Storage
import Synchronization
import Telemetry

/// The log's work, on one thread but for `status`.
final class AuditWorker: @unchecked Sendable {
    // Proof: all but `shown` and `began` is used on the log's thread alone; one is behind a lock, one atomic.
    private static let retryMicroseconds: UInt64 = 1_000_000
    static let syncMicroseconds: UInt64 = 1_000_000
    /// A turn that takes longer is told.
    private static let patienceMicroseconds: UInt64 = 5_000_000
    /// Findings that its status tells.
    private static let mostFindings = 16

    private struct Doubt {
        var ledger: AuditLedger
        /// Whether what is pending is in it.
        var holdsPending: Bool
    }

    private let store: any OrderedStore
    private let queue: AuditQueue
    private let source: AuditKey.Source
    private let witness: AuditWitness
    private let writer: WitnessWriter
    private let version: String
    private let log: Log
    /// Nil until the log was opened, and after a failure until it was looked at again.
    private var ledger: AuditLedger?
    /// Nil until the log was opened for the first time.
    private var known: KnownLog?
    /// What a write that failed would have left, and may be there nevertheless.
    private var doubtful: Doubt?
    /// What is being written, or could not be.
    private var pending = AuditBacklog()
    /// Losses that `pending` is to tell of.
    private var losses: AuditQueue.Losses?
    /// Entries that were written and that the store lost, which is to be told.
    private var lostTail: AuditQueue.Losses?
    /// What was found wrong, which is to be told.
    private var untold: [AuditFinding] = []
    /// When it was found that the witness tells of another log; nil once that is in the log.
    private var contradictedAt: UInt64?
    /// Nil until it could be had.
    private var key: AuditKey?
    /// Whether something was written since the last sync.
    private var isUnsynced = false
    /// Readings of the monotonic clock, in microseconds.
    private var nextSync: UInt64 = 0
    private var nextTry: UInt64 = 0
    private let shown: Mutex<AuditStatus>
    /// When the turn under way began, by the monotonic clock; 0 for none.
    private let began = Atomic<UInt64>(0)

    init(
        _ store: any OrderedStore, _ queue: AuditQueue, _ source: @escaping AuditKey.Source,
        _ witness: AuditWitness, _ writer: WitnessWriter, version: String, log: Log
    ) {
        self.store = store
        self.queue = queue
        self.source = source
        self.witness = witness
        self.writer = writer
        self.version = version
        self.log = log
        shown = Mutex(AuditStatus(sinceMicroseconds: WallClock.microseconds))
    }

    var status: AuditStatus { shown.withLock { $0 } }

    /// With what only shows when it is looked at: that the disk hangs, or the witness's.
    func status(at now: AuditMoment) -> AuditStatus {
        var status = self.status
        let began = self.began.load(ordering: .relaxed)
        if status.fault == nil, began > 0, now.steady > began &+ Self.patienceMicroseconds {
            status.fault = .slow
            status.sinceMicroseconds = now.wall &- (now.steady - began)
        }
        guard let (fault, since) = writer.fault(at: now) else { return status }
        status.witnessFault = fault
        if status.fault == nil, status.findings.isEmpty { status.sinceMicroseconds = since }
        return status
    }

    /// Whether nothing can be written before the next try.
    var isStuck: Bool { ledger == nil }

    /// What the thread may sleep at most before `turn` has something to do, in microseconds.
    func pause(now: AuditMoment) -> UInt64 {
        if isStuck { return nextTry > now.steady ? nextTry - now.steady : 0 }
        if isUnsynced { return nextSync > now.steady ? nextSync - now.steady : 0 }
        return Self.syncMicroseconds
    }

    /// Writes what waits.
    /// - Parameter isLast: whether all is to be synced, whatever the time.
    /// - Returns: how many entries were written.
    @discardableResult
    func turn(now: AuditMoment, isLast: Bool = false) -> Int {
        guard now.steady >= nextTry || isLast else { return 0 }
        began.store(max(now.steady, 1), ordering: .relaxed)
        defer { began.store(0, ordering: .relaxed) }
        do throws(AuditFailure) {
            try open(now)
            if pending.isEmpty {
                queue.take(&pending)
                losses = queue.takeLosses()
            }
            return try write(now, isLast: isLast)
        } catch {
            fail(error, now)
            return 0
        }
    }

    // MARK: Opening

    private func open(_ now: AuditMoment) throws(AuditFailure) {
        guard ledger == nil else { return }
        let key = try secret()
        let reader = AuditReader(store)
        guard let known else { return try begin(reader, key, now.wall) }
        let found = try AuditLedger(reader)
        if let doubtful, let found, found.isSame(as: doubtful.ledger) {
            // The write that failed is there after all.
            takeUp(doubtful, now)
        } else {
            switch try known.judge(found, reader) {
            case .same:
                ledger = known.newest
                lostTail = nil
            case .shorter(let count):
                ledger = found
                lostTail = AuditQueue.Losses(lost: count, since: known.syncedTime)
            case .other(let finding):
                lostTail = nil
                try begin(reader, key, now.wall, finding)
            }
        }
        doubtful = nil
    }

    private func secret() throws(AuditFailure) -> AuditKey {
        if let key { return key }
        let found = try source()
        key = found
        return found
    }

    private func takeUp(_ doubtful: Doubt, _ now: AuditMoment) {
        ledger = doubtful.ledger
        known?.advance(to: doubtful.ledger, isSynced: false, at: now.wall)
        isUnsynced = true
        nextSync = now.steady
        if doubtful.holdsPending { settle(written: pending.count) } else { tellFindings(now.wall) }
    }

    /// - Parameter finding: what is wrong with the log, if nothing else tells.
    private func begin(
        _ reader: AuditReader, _ key: AuditKey, _ now: UInt64, _ finding: AuditFinding? = nil
    ) throws(AuditFailure) {
        let opening = try AuditOpening(reader, key, witness)
        untold = opening.findings.isEmpty ? [finding].compactMap(\.self) : opening.findings
        contradictedAt = opening.isContradicted ? now : nil
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
        if !untold.isEmpty {
            ledger.append(
                AuditEntry.with { entry in
                    entry.timestamp = now
                    entry.findings.findings = untold.map(\.description)
                }, to: &batch)
        }
        let head = ledger.seal(key, at: now, to: &batch)
        doubtful = Doubt(ledger: ledger, holdsPending: false)
        try commit(batch, .durable)
        self.ledger = ledger
        known = KnownLog(ledger, at: now)
        tellFindings(now)
        if let head { writer.show(head) }
        shown.withLock { $0.size = ledger.size }
        heal(now)
    }

    /// What was found is in the log: a witness that tells of another one is set aside, which keeps the
    /// evidence and lets this one go on.
    private func tellFindings(_ now: UInt64) {
        if let contradictedAt { writer.setAside(at: contradictedAt) }
        contradictedAt = nil
        for finding in untold {
            log.error("the audit log was tampered with", ["finding": .string("\(finding)")])
        }
        shown.withLock { status in
            let news = untold.filter { !status.findings.contains($0) }
            guard !news.isEmpty else { return }
            status.findings = (status.findings + news).suffix(Self.mostFindings)
            status.sinceMicroseconds = now
        }
        untold = []
    }

    // MARK: Writing

    private func write(_ now: AuditMoment, isLast: Bool) throws(AuditFailure) -> Int {
        guard let old = ledger else { return 0 }
        var next = old
        var packer = EntryPacker()
        if let lostTail { next.append(gap(lostTail, now.wall, Self.lostReason), to: &packer) }
        pending.forEach { event, microseconds in
            guard let entry = AuditEntry(event, at: microseconds, version: version) else { return }
            next.append(entry, to: &packer)
        } call: {
            next.append($0, to: &packer)
        }
        if let losses { next.append(gap(losses, now.wall, queueReason), to: &packer) }
        var batch = packer.finish()
        let count = pending.count
        let waits = !pending.answers.isEmpty
        let isDue = (isUnsynced || !batch.isEmpty) && (now.steady >= nextSync || isLast)
        let head = isDue ? key.flatMap { next.seal($0, at: now.wall, to: &batch) } : nil
        guard !batch.isEmpty else {
            try rest(old, now, syncs: isDue)
            return 0
        }
        doubtful = Doubt(ledger: next, holdsPending: true)
        let isSynced = waits || isDue
        try commit(batch, isSynced ? .durable : .relaxed)
        doubtful = nil
        ledger = next
        known?.advance(to: next, isSynced: isSynced, at: now.wall)
        settle(written: count)
        isUnsynced = !isDue
        if isDue { nextSync = now.steady &+ Self.syncMicroseconds }
        if let head { writer.show(head) }
        heal(now.wall)
        return count
    }

    /// There is nothing to write.
    private func rest(_ ledger: AuditLedger, _ now: AuditMoment, syncs: Bool) throws(AuditFailure) {
        if syncs || shown.withLock({ $0.fault != nil }) {
            try sync()
            known?.advance(to: ledger, isSynced: true, at: now.wall)
            isUnsynced = false
            if let head = ledger.newestHead { writer.show(head) }
        }
        heal(now.wall)
    }

    /// What was pending is in the log: who waits for it may go on.
    private func settle(written count: Int) {
        let answers = pending.takeAnswers()
        let gaps = [losses, lostTail].compactMap(\.self)
        pending.removeAll()
        losses = nil
        lostTail = nil
        shown.withLock { status in
            for gap in gaps {
                status.lost &+= gap.lost
                status.refused &+= gap.refused
            }
            status.written &+= UInt64(count)
            status.size = ledger?.size ?? status.size
        }
        for answer in answers { answer(.passed) }
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

    /// Shows whether the store can be written, too, where there is nothing to write.
    private func sync() throws(AuditFailure) {
        do throws(StorageError) { try store.sync() } catch { throw AuditFailure(error) }
    }

    private static let lostReason = "the store lost what was not synced"

    private var queueReason: String { shown.withLock { $0.fault }.map { "\($0)" } ?? "the queue was full" }

    private func gap(_ losses: AuditQueue.Losses, _ now: UInt64, _ reason: String) -> AuditEntry {
        AuditEntry.with { entry in
            entry.timestamp = now
            entry.gap = AuditGap.with {
                $0.from = losses.since
                $0.until = now
                $0.lost = losses.lost
                $0.refused = losses.refused
                $0.reason = reason
            }
        }
    }

    // MARK: Faults

    private func fail(_ error: AuditFailure, _ now: AuditMoment) {
        ledger = nil
        nextTry = now.steady &+ Self.retryMicroseconds
        let isNews = shown.withLock { status in
            let isNews = status.fault == nil
            if isNews { status.sinceMicroseconds = now.wall }
            status.fault = error
            return isNews
        }
        queue.set(isFaulty: true)
        // Whose start is not on disk goes on or not, as the operator says; the entry is written later.
        let verdict = queue.verdictOnFault
        for answer in pending.takeAnswers() { answer(verdict) }
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
