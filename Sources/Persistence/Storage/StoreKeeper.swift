import Dispatch
import Foundation
import Synchronization

/// The one owner of a store that several users share: opens it, lends it to any thread, opens it anew after
/// a failed write, copies it from time to time, and closes it last.
///
/// A thread of its own does what may take long, so that a disk that is slow, full or gone holds up none of
/// the users: they are told why there is no store, and go on without it or not, as is theirs to say.
public final class StoreKeeper: Sendable {
    private struct Schedule {
        /// Readings of the monotonic clock, in nanoseconds.
        var nextTry: UInt64 = 0
        var nextCheckpoint: UInt64?
        /// Whether somebody asked for the store, and it was not closed for good.
        var isStarted = false
        var isEnded = false
    }

    static let retry = Duration.seconds(1)
    /// The thread looks around that often at least.
    private static let longestPause: UInt64 = 3_600_000_000_000
    /// How long the end is waited for: a disk may hang.
    private static let patience = DispatchTimeInterval.seconds(5)

    /// The store as its users are to hold it, for good; see `KeptStore` for what it throws.
    public let store: any OrderedStore
    private let home: any StoreHome
    private let checkpointInterval: Duration
    private let keeping: Keeping
    private let schedule = Mutex(Schedule())
    private let hasEnded = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - families: of all users together.
    ///   - checkpointInterval: between two copies; 0 for none.
    ///   - wallMicroseconds: the time since 1970, for `status`.
    ///   - tell: is told what is worth a line of the log, on the thread where it happened.
    public init(
        _ home: any StoreHome, families: [Family], checkpointInterval: Duration = .zero,
        wallMicroseconds: @escaping @Sendable () -> UInt64,
        tell: @escaping @Sendable (StoreEvent) -> Void = { _ in }
    ) {
        self.home = home
        self.checkpointInterval = checkpointInterval
        keeping = Keeping(families, wallMicroseconds: wallMicroseconds, tell: tell)
        store = KeptStore(keeping)
    }

    public var status: StoreStatus { keeping.status }

    /// Starts the thread, which opens the store; what it can't open it tries again every second.
    public func start() {
        let isFirst = schedule.withLock { schedule in
            defer { schedule.isStarted = true }
            return !schedule.isStarted
        }
        guard isFirst else { return }
        Thread.detachNewThread { [self] in
            Thread.current.name = "attune-store"
            while !schedule.withLock({ $0.isEnded }) {
                let pause = turn(now: DispatchTime.now().uptimeNanoseconds)
                _ = keeping.bell.wait(timeout: .now() + .nanoseconds(Int(clamping: pause)))
            }
            end()
            hasEnded.signal()
        }
    }

    /// Waits until the store is open, for those who can't begin without it.
    /// - Returns: false if that took longer, or it can't be opened.
    public func waitUntilOpen(atMost patience: Duration) -> Bool {
        let deadline = ContinuousClock.now.advanced(by: patience)
        while ContinuousClock.now < deadline {
            let status = self.status
            if status.isOpen { return true }
            if status.fault != nil { return false }
            Thread.sleep(forTimeInterval: 0.002)
        }
        return status.isOpen
    }

    /// Syncs and closes the store, after its users have ended. It waits for the disk, 5 s at most.
    public func stop() {
        let isRunning = schedule.withLock { schedule in
            defer { schedule.isEnded = true }
            return schedule.isStarted && !schedule.isEnded
        }
        guard isRunning else { return }
        keeping.bell.signal()
        _ = hasEnded.wait(timeout: .now() + Self.patience)
    }

    // MARK: What only a store on disk can do

    /// Bytes that a column family takes on disk; 0 while the store can't be had.
    public func bytes(of family: Family) -> Int { status.isOpen ? home.bytes(of: family) : 0 }

    /// Gives the space of the family's entries below a key, which were deleted, back.
    public func reclaim(below end: [UInt8], in family: Family) throws(StorageError) {
        _ = try keeping.opened()
        try home.reclaim(below: end, in: family)
    }

    /// Makes a copy of the store in a directory that isn't there yet, on the thread that asks.
    public func checkpoint(to path: String) throws(StorageError) {
        _ = try keeping.opened()
        try home.checkpoint(to: path)
    }

    /// Rewrites the store's files, on the thread that asks; writes go on meanwhile.
    public func compact() throws(StorageError) {
        _ = try keeping.opened()
        try home.compact()
    }

    // MARK: The thread

    /// Does what is due; of the keeper's thread, or of a test in place of it.
    /// - Parameter now: a reading of the monotonic clock in nanoseconds.
    /// - Returns: after how many nanoseconds there is something to do again, if nothing happens before.
    func turn(now: UInt64) -> UInt64 {
        var schedule = self.schedule.withLock { $0 }
        let failed = keeping.takeFailed()
        for store in failed {
            try? store.close()
            schedule.nextTry = now &+ Self.retry.wholeNanoseconds
        }
        if !keeping.status.isOpen, now >= schedule.nextTry {
            do throws(StorageError) {
                keeping.note(opened: try home.open(keeping.families))
            } catch {
                keeping.note(fault: error)
                schedule.nextTry = now &+ Self.retry.wholeNanoseconds
            }
        }
        tendCheckpoints(&schedule, now)
        self.schedule.withLock { kept in
            kept.nextTry = schedule.nextTry
            kept.nextCheckpoint = schedule.nextCheckpoint
        }
        let next = keeping.status.isOpen ? schedule.nextCheckpoint ?? .max : schedule.nextTry
        return next > now ? min(next - now, Self.longestPause) : 0
    }

    private func tendCheckpoints(_ schedule: inout Schedule, _ now: UInt64) {
        guard checkpointInterval > .zero else { return }
        let due = schedule.nextCheckpoint ?? now &+ checkpointInterval.wholeNanoseconds
        guard now >= due, keeping.status.isOpen else {
            // What was due while the store was away comes when it is back.
            schedule.nextCheckpoint = due
            return
        }
        schedule.nextCheckpoint = now &+ checkpointInterval.wholeNanoseconds
        do throws(StorageError) {
            try home.checkpoint()
            keeping.note(checkpoint: .success(()))
        } catch {
            keeping.note(checkpoint: .failure(error))
        }
    }

    private func end() {
        for store in keeping.takeFailed() { try? store.close() }
        guard let last = keeping.takeLast() else { return }
        do throws(StorageError) { try last.close() } catch { keeping.note(fault: error) }
    }
}

extension Duration {
    /// At least 0.
    fileprivate var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000)
    }
}
