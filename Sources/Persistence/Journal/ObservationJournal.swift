import Dispatch
import Foundation
import Rings
import SharedMemory
import Storage
import Synchronization

/// Writes what the gateway's event loops observe to disk, on a thread of its own.
///
/// It reads the rings as any other reader does, so nothing waits for it. While the keeper has no store for it
/// it reads nothing, and then notes as gaps what the rings lost meanwhile.
public final class ObservationJournal: Sendable {
    public static let family = Family("journal")
    /// What leads from the sequences of a loop to entries of `family`.
    static let runs = Family("journal-runs")
    /// The column families that a store needs for a journal.
    public static let families = [family, runs]
    /// Between two looks at the rings: short enough that a ring of the smallest profile does not overrun.
    static let pause = DispatchTimeInterval.milliseconds(25)

    /// How long its end is waited for: a disk may hang.
    private static let patience = DispatchTimeInterval.seconds(5)

    private let worker: JournalWorker
    private let isStarted = Atomic<Bool>(false)
    private let isEnded = Atomic<Bool>(false)
    private let wake = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - keeper: of a store with the column families `families`, which ends after the journal.
    ///   - rings: the observation ring and the payload ring of each loop.
    ///   - name: the text of an interned name; called on the journal's thread.
    /// - Throws: if a section is no ring.
    package init(
        _ keeper: StoreKeeper, rings: [(records: Section, payloads: Section)], settings: JournalSettings,
        name: @escaping @Sendable (UInt32) -> String?
    ) throws(RingError) {
        var feeds: [JournalFeed] = []
        for ring in rings { feeds.append(try JournalFeed(ring.records, ring.payloads)) }
        worker = JournalWorker(keeper, feeds, settings, name)
    }

    /// Starts the thread; called once.
    public func start() {
        isStarted.store(true, ordering: .releasing)
        Thread.detachNewThread { [self] in
            Thread.current.name = "attune-journal"
            worker.work(until: { self.isEnded.load(ordering: .acquiring) }, pause: { self.rest() })
            hasEnded.signal()
        }
    }

    public var status: JournalStatus { worker.status }

    /// Writes what is left in the rings and ends; called once. It waits for the disk, 5 s at most.
    public func stop() {
        guard isStarted.load(ordering: .acquiring) else { return }
        isEnded.store(true, ordering: .releasing)
        wake.signal()
        _ = hasEnded.wait(timeout: .now() + Self.patience)
    }

    private func rest() { _ = wake.wait(timeout: .now() + Self.pause) }
}
