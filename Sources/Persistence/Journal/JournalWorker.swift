import Identifiers
import Rings
import Schemas
import Storage
import Synchronization
import Telemetry

/// The journal's work, on one thread but for `status`.
final class JournalWorker: @unchecked Sendable {
    // Proof: all but `shown` is used on the journal's thread alone, and `shown` is behind a lock.
    /// Calls of one loop that are written together.
    private static let mostRecords = 512
    private static let retryMicroseconds: UInt64 = 1_000_000
    private static let sweepMicroseconds: UInt64 = 600_000_000
    /// Names that are remembered, so that a call costs no look-up of each; all are forgotten when it is full.
    private static let mostNames = 4096

    private let home: any JournalHome
    private var feeds: [JournalFeed]
    private let settings: JournalSettings
    private let log: Log
    private let lookUp: @Sendable (UInt32) -> String?
    private var names: [UInt32: String] = [:]
    private var store: (any OrderedStore)?
    /// What was read and could not be written yet.
    private var pending = WriteBatch()
    private var pendingCalls = 0
    private var nextTry: UInt64 = 0
    private var nextSweep: UInt64
    private var nextCheckpoint: UInt64
    private let shown: Mutex<JournalStatus>

    init(
        _ home: any JournalHome, _ feeds: [JournalFeed], _ settings: JournalSettings, _ log: Log,
        _ lookUp: @escaping @Sendable (UInt32) -> String?
    ) {
        let now = WallClock.microseconds
        self.home = home
        self.feeds = feeds
        self.settings = settings
        self.log = log
        self.lookUp = lookUp
        nextSweep = now &+ Self.sweepMicroseconds
        nextCheckpoint = now &+ settings.checkpointInterval.wholeMicroseconds
        shown = Mutex(JournalStatus(sinceMicroseconds: now))
    }

    var status: JournalStatus { shown.withLock { $0 } }

    func work(until isEnded: () -> Bool, pause: () -> Void) {
        while true {
            let isLast = isEnded()
            let found = turn(now: WallClock.microseconds)
            if found >= Self.mostRecords { continue }
            if isLast { break }
            pause()
        }
        do throws(StorageError) { try store?.close() } catch { fail(error, now: WallClock.microseconds) }
        store = nil
    }

    /// - Returns: how many calls were written.
    func turn(now: UInt64) -> Int {
        guard let store = opened(now) else { return 0 }
        do throws(StorageError) {
            if pending.isEmpty { read(now) }
            if !pending.isEmpty { try store.write(pending, settings.durability) }
            let written = pendingCalls
            pending = WriteBatch()
            pendingCalls = 0
            shown.withLock { $0.written &+= UInt64(written) }
            try tend(store, now)
            return written
        } catch {
            fail(error, now: now)
            return 0
        }
    }

    // MARK: The store

    private func opened(_ now: UInt64) -> (any OrderedStore)? {
        if let store { return store }
        guard now >= nextTry else { return nil }
        do throws(StorageError) {
            let opened = try home.open()
            store = opened
            if shown.withLock({ $0.fault != nil }) { log.info("the journal is written again") }
            shown.withLock { status in
                status.fault = nil
                status.sinceMicroseconds = now
            }
            return opened
        } catch {
            fail(error, now: now)
            return nil
        }
    }

    /// Lets go of the store, which is opened anew later; what was not written is kept until then.
    private func fail(_ error: StorageError, now: UInt64) {
        try? store?.close()
        store = nil
        nextTry = now &+ Self.retryMicroseconds
        let isNews = shown.withLock { status in
            let isNews = status.fault == nil
            if isNews { status.sinceMicroseconds = now }
            status.fault = error
            return isNews
        }
        if isNews { log.error("the journal is not written", ["reason": .string("\(error)")]) }
    }

    // MARK: The rings

    private func read(_ now: UInt64) {
        for index in feeds.indices {
            do throws(RingError) {
                pendingCalls += try feeds[index].read(
                    limit: Self.mostRecords, now: now,
                    { MCPMessage($0, $1, settings.capture, name: name) }, into: &pending)
            } catch {
                // The ring goes on being looked at, in vain: its writer is this process.
                continue
            }
        }
        let lost = feeds.reduce(0) { $0 &+ $1.lost }
        shown.withLock { $0.lost = lost }
    }

    private func name(_ id: UInt32) -> String {
        guard id != 0 else { return "" }
        if let known = names[id] { return known }
        guard let text = lookUp(id) else { return "" }
        if names.count >= Self.mostNames { names.removeAll(keepingCapacity: true) }
        names[id] = text
        return text
    }

    // MARK: From time to time

    private func tend(_ store: any OrderedStore, _ now: UInt64) throws(StorageError) {
        if now >= nextSweep {
            nextSweep = now &+ Self.sweepMicroseconds
            try JournalRetention(settings, home).sweep(store, now: now)
        }
        if now >= nextCheckpoint {
            nextCheckpoint = now &+ settings.checkpointInterval.wholeMicroseconds
            do throws(StorageError) {
                try home.checkpoint()
                shown.withLock { $0.checkpoints &+= 1 }
            } catch {
                // The store itself goes on.
                log.error("no checkpoint was made", ["reason": .string("\(error)")])
            }
        }
    }
}

extension Duration {
    /// At least 0.
    var wholeMicroseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(clamping: seconds) &* 1_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000_000)
    }
}
