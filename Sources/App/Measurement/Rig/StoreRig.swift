import Foundation
import RocksStorage
import Storage
import Synchronization

/// A store on disk, in a directory of its own among the temporary files, and writers that wait for it.
final class StoreRig: Sendable {
    /// What a round came to, in nanoseconds.
    struct Round {
        var nanoseconds: Double
        /// Of each write, in no order.
        var waits: [Double]
    }

    private static let writers = 64
    private static let writesOfEach = 100
    private static let rounds = 5
    private static let submitters = 4
    private static let submissionsOfEach = 25_000
    /// Batches of each that are on the way.
    private static let window = 64
    private static let valueBytes = 200
    private static let family = Family("measured")

    private let folder: String
    private let store: RocksStore
    private let queue: CommitQueue

    init() throws(MeasurementFailure) {
        folder = FileManager.default.temporaryDirectory.path + "/attune-bench-\(UUID().uuidString)"
        do throws(StorageError) {
            store = try RocksStore(folder, purpose: "bench", families: [Self.family])
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw .storeRefused(path: folder, error)
        }
        queue = CommitQueue(store)
    }

    deinit {
        queue.close()
        try? store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Of the rounds after a first one, which is not counted.
    func median(_ value: (Round) -> Double) throws(MeasurementFailure) -> Double {
        _ = try round(0)
        var values: [Double] = []
        for number in 1...Self.rounds { values.append(value(try round(number))) }
        return Rounds.middle(values)
    }

    var conditions: String {
        "\(Self.writers) threads through the commit queue, each waits for its batch of one entry with "
            + "\(Self.valueBytes) bytes; median of \(Self.rounds) rounds of "
            + "\(Self.writers * Self.writesOfEach) writes; RocksDB on \(MountedFileSystem(of: folder).text)"
    }

    /// Relaxed writes a second, submitted; of the rounds after a first one, which is not counted.
    func relaxed() throws(MeasurementFailure) -> Double {
        var values: [Double] = []
        for number in 0...Self.rounds {
            let writes = Double(Self.submitters * Self.submissionsOfEach)
            let rate = writes * 1e9 / (try relaxedRound(number))
            if number > 0 { values.append(rate) }
        }
        return Rounds.middle(values)
    }

    var relaxedConditions: String {
        "\(Self.submitters) threads submit batches of one entry with \(Self.valueBytes) bytes to the commit "
            + "queue, \(Self.window) of each on the way; from the first to the last acknowledgement; median of "
            + "\(Self.rounds) rounds of \(Self.submitters * Self.submissionsOfEach) writes; RocksDB on "
            + MountedFileSystem(of: folder).text
    }

    /// - Returns: its nanoseconds.
    private func relaxedRound(_ number: Int) throws(MeasurementFailure) -> Double {
        let failure = Mutex<StorageError?>(nil)
        let hasEnded = DispatchSemaphore(value: 0)
        let nanoseconds = Rounds.nanoseconds {
            for writer in 0..<Self.submitters {
                Thread.detachNewThread { [queue] in
                    let places = DispatchSemaphore(value: Self.window)
                    for write in 0..<Self.submissionsOfEach {
                        places.wait()
                        do throws(StorageError) {
                            try queue.submit(Self.batch(number, writer, write), .relaxed) { result in
                                if case .failure(let error) = result { failure.withLock { $0 = error } }
                                places.signal()
                            }
                        } catch {
                            failure.withLock { $0 = error }
                            places.signal()
                        }
                    }
                    // Libdispatch takes a semaphore that is let go of below where it began for a mistake.
                    for _ in 0..<Self.window { places.wait() }
                    for _ in 0..<Self.window { places.signal() }
                    hasEnded.signal()
                }
            }
            for _ in 0..<Self.submitters { hasEnded.wait() }
        }
        if let error = failure.withLock({ $0 }) { throw .storeRefused(path: folder, error) }
        return nanoseconds
    }

    private func round(_ number: Int) throws(MeasurementFailure) -> Round {
        let waits = Mutex<[Double]>([])
        let failure = Mutex<StorageError?>(nil)
        let hasEnded = DispatchSemaphore(value: 0)
        let nanoseconds = Rounds.nanoseconds {
            for writer in 0..<Self.writers {
                Thread.detachNewThread { [queue] in
                    var own: [Double] = []
                    do throws(StorageError) {
                        for write in 0..<Self.writesOfEach {
                            let batch = Self.batch(number, writer, write)
                            let start = Rounds.now
                            try queue.commit(batch, .durable)
                            own.append(Rounds.now - start)
                        }
                    } catch { failure.withLock { $0 = error } }
                    waits.withLock { $0 += own }
                    hasEnded.signal()
                }
            }
            for _ in 0..<Self.writers { hasEnded.wait() }
        }
        if let error = failure.withLock({ $0 }) { throw .storeRefused(path: folder, error) }
        return Round(nanoseconds: nanoseconds, waits: waits.withLock { $0 })
    }

    private static func batch(_ round: Int, _ writer: Int, _ write: Int) -> WriteBatch {
        let value = (0..<valueBytes).map { UInt8(truncatingIfNeeded: $0 % 2 == 1 ? 7 : $0 * 31 + writer) }
        var batch = WriteBatch()
        batch.put(value, for: Array("\(round)/\(writer)/\(write)".utf8), in: family)
        return batch
    }
}
