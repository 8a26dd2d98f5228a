import Identifiers
import Rings
import Schemas
import Storage
import Synchronization

/// The journal's work, on one thread but for `status`.
final class JournalWorker: @unchecked Sendable {
    // Proof: all but `shown` is used on the journal's thread alone, and `shown` is behind a lock.
    /// Calls of one loop that are written together.
    private static let mostRecords = 512
    /// How long its end waits for a store that is just being opened.
    private static let patience = Duration.seconds(1)
    private static let sweepMicroseconds: UInt64 = 600_000_000
    /// Names that are remembered, so that a call costs no look-up of each; all are forgotten when it is full.
    private static let mostNames = 4096
    /// What one loop's calls take beyond this still fits in a batch.
    private static let mostPendingBytes = 32 << 20

    private let keeper: StoreKeeper
    private var feeds: [JournalFeed]
    private let settings: JournalSettings
    private var entry: CallEntry
    private let lookUp: @Sendable (UInt32) -> String?
    private var names: [UInt32: String] = [:]
    /// What was read and could not be written yet.
    private var pending = WriteBatch()
    private var pendingCalls = 0
    private var nextSweep: UInt64
    private let shown = Mutex(JournalStatus())

    init(
        _ keeper: StoreKeeper, _ feeds: [JournalFeed], _ settings: JournalSettings,
        _ lookUp: @escaping @Sendable (UInt32) -> String?
    ) {
        self.keeper = keeper
        self.feeds = feeds
        self.settings = settings
        entry = CallEntry(settings.capture)
        self.lookUp = lookUp
        // At once: it may not have run for long.
        nextSweep = WallClock.microseconds
    }

    var status: JournalStatus { shown.withLock { $0 } }

    func work(until isEnded: () -> Bool, pause: () -> Void) {
        while true {
            let isLast = isEnded()
            if isLast { _ = keeper.waitUntilOpen(atMost: Self.patience) }
            let found = turn(now: WallClock.microseconds)
            if found >= Self.mostRecords { continue }
            if isLast { break }
            pause()
        }
    }

    /// - Returns: how many calls were written; none while the store can't be had, and nothing is read then.
    func turn(now: UInt64) -> Int {
        guard keeper.status.isOpen else { return 0 }
        do throws(StorageError) {
            if pending.isEmpty { read(now) }
            if !pending.isEmpty {
                try Failpoint.journalRead.reach()
                try keeper.store.write(pending, settings.durability)
                Failpoint.journalWritten.pass()
            }
            let written = pendingCalls
            pending = WriteBatch()
            pendingCalls = 0
            shown.withLock { $0.written &+= UInt64(written) }
            if now >= nextSweep {
                nextSweep = now &+ Self.sweepMicroseconds
                // What can't be deleted now is with the next sweep.
                try? JournalRetention(settings, keeper).sweep(now: now)
            }
            return written
        } catch {
            // The keeper opens the store anew and says why; what was not written is kept until then.
            return 0
        }
    }

    // MARK: The rings

    private func read(_ now: UInt64) {
        for index in feeds.indices where pending.bytes < Self.mostPendingBytes {
            do throws(RingError) {
                pendingCalls += try feeds[index].read(
                    limit: Self.mostRecords, now: now,
                    { entry.encode($0, $1, name: name) }, into: &pending)
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
}

extension Duration {
    /// At least 0.
    var wholeMicroseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(clamping: seconds) &* 1_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000_000)
    }
}
