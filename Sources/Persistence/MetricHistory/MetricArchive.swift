import Dispatch
import Foundation
import Identifiers
import Storage
import Synchronization
import Telemetry

/// Keeps the gateway's metrics over time: each second for three hours, each minute for a week, each hour for
/// 400 days, so that nobody needs a Prometheus to see how it went.
///
/// One thread samples and writes; questions are answered on threads of those who ask. A store that fails
/// leaves a gap once more than five minutes wait for it.
package final class MetricArchive: Sendable {
    package static let family = Family("metrics")
    /// Of the column family on disk.
    package static let bytesLimit = 256 << 20
    private static let patience = DispatchTimeInterval.seconds(5)

    private let store: any OrderedStore
    private let writer: Mutex<HistoryWriter>
    private let readings: @Sendable () -> [MetricReading]
    private let bytes: @Sendable () -> Int
    private let isStarted = Atomic<Bool>(false)
    private let isEnded = Atomic<Bool>(false)
    private let wake = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - readings: called each second on the history's thread.
    ///   - bytes: what the column family takes on disk.
    package init(
        _ store: any OrderedStore, bytesLimit: Int = MetricArchive.bytesLimit,
        readings: @escaping @Sendable () -> [MetricReading], bytes: @escaping @Sendable () -> Int
    ) {
        self.store = store
        writer = Mutex(HistoryWriter(store, bytesLimit: bytesLimit))
        self.readings = readings
        self.bytes = bytes
    }

    /// Starts the thread; called once.
    package func start() {
        isStarted.store(true, ordering: .releasing)
        Thread.detachNewThread { [self] in
            Thread.current.name = "attune-metrics"
            while !isEnded.load(ordering: .acquiring) {
                let now = WallClock.microseconds
                sample(at: now / 1_000_000)
                let rest = 1_000_000 - Int(WallClock.microseconds % 1_000_000)
                _ = wake.wait(timeout: .now() + .microseconds(rest))
            }
            writer.withLock { writer in
                // The keeper of the store tells what is wrong with it.
                do throws(StorageError) { try writer.end(at: WallClock.microseconds / 1_000_000) } catch {}
            }
            hasEnded.signal()
        }
    }

    /// Writes what was measured last, and ends; called once. It waits for the disk, 5 s at most.
    package func stop() {
        guard isStarted.load(ordering: .acquiring) else { return }
        isEnded.store(true, ordering: .releasing)
        wake.signal()
        _ = hasEnded.wait(timeout: .now() + Self.patience)
    }

    /// - Throws: as the store's operations. Waits for the disk.
    package func answer(_ query: MetricQuery) throws(StorageError) -> MetricAnswer {
        try reader().answer(query)
    }

    /// All series that are kept.
    /// - Throws: as the store's operations. Waits for the disk.
    package func series() throws(StorageError) -> [MetricSeries] { try reader().series().map(\.series) }

    private func reader() throws(StorageError) -> HistoryReader {
        // Both at one moment, so that nothing is in neither or in both.
        try writer.withLock { writer throws(StorageError) in
            HistoryReader(try store.snapshot(), unwritten: writer.unwritten)
        }
    }

    /// Takes one sample; of the history's thread, or of a test in place of it.
    func sample(at second: UInt64) {
        let readings = self.readings()
        writer.withLock { writer in
            do throws(StorageError) {
                try writer.take(readings, at: second, bytes: bytes)
            } catch {
                // What was taken waits in the writer; the keeper of the store tells what is wrong with it.
            }
        }
    }
}
