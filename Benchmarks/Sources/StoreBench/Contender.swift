import CRocksBench
import Foundation
import RocksStorage
import Storage
import Synchronization

/// One way to write, measured on a directory of its own.
struct Contender: Sendable {
    static let valueBytes = 200
    static let family = Family("bench")
    /// Threads that submit, with as many batches on the way as the other contenders have threads, or so many.
    static let submitters = 4
    static let leastOutstanding = 64

    let name: String
    let run: @Sendable (_ directory: String, _ threads: Int, _ writes: Int, _ isDurable: Bool) -> Outcome?

    static let all = [
        Contender(name: "RocksDB's C API") { directory, threads, writes, isDurable in
            var each = [UInt64](repeating: 0, count: threads * writes)
            // Proof: the C code fills as many as it is told there are, during the call.
            let spent = unsafe crocks_bench(
                directory, Int32(threads), Int32(writes), Int32(valueBytes), isDurable ? 1 : 0, &each)
            return spent == 0 ? nil : Outcome(nanoseconds: spent, each: each)
        },
        Contender(name: "RocksStore") { directory, threads, writes, isDurable in
            measure(directory, threads, writes) { store, batch throws(StorageError) in
                try store.write(batch, isDurable ? .durable : .relaxed)
            }
        },
        Contender(name: "CommitQueue, waited for") { directory, threads, writes, isDurable in
            let queue = Mutex<CommitQueue?>(nil)
            return measure(directory, threads, writes) { store, batch throws(StorageError) in
                let queue = queue.withLock { queue in
                    if queue == nil { queue = CommitQueue(store) }
                    return queue
                }
                try queue?.commit(batch, isDurable ? .durable : .relaxed)
            }
        },
        Contender(name: "CommitQueue, submitted") { directory, threads, writes, isDurable in
            submit(directory, threads, writes, isDurable ? .durable : .relaxed)
        },
    ]

    /// As the C code does it, so that the two differ in nothing but the room.
    private static func measure(
        _ directory: String, _ threads: Int, _ writes: Int,
        _ write: @escaping @Sendable (RocksStore, WriteBatch) throws(StorageError) -> Void
    ) -> Outcome? {
        guard let store = try? RocksStore(directory, purpose: "bench", families: [family]) else { return nil }
        let times = Mutex<[UInt64]>([])
        let spent = onThreads(threads) { thread in
            let value = value(thread)
            var own: [UInt64] = []
            own.reserveCapacity(writes)
            for number in 0..<writes {
                let began = DispatchTime.now().uptimeNanoseconds
                if (try? write(store, batch(thread, number, value))) == nil { break }
                own.append(DispatchTime.now().uptimeNanoseconds - began)
            }
            times.withLock { $0 += own }
        }
        try? store.close()
        let each = times.withLock { $0 }
        return each.count == threads * writes ? Outcome(nanoseconds: spent, each: each) : nil
    }

    /// The same writes by few threads that do not wait for each, as event loops do.
    private static func submit(
        _ directory: String, _ outstanding: Int, _ writes: Int, _ durability: Durability
    ) -> Outcome? {
        guard let store = try? RocksStore(directory, purpose: "bench", families: [family]) else { return nil }
        let queue = CommitQueue(store)
        let times = Mutex<[UInt64]>([])
        let window = max(leastOutstanding, outstanding) / submitters
        let count = outstanding * writes / submitters
        let spent = onThreads(submitters) { thread in
            let value = value(thread)
            let room = DispatchSemaphore(value: window)
            for number in 0..<count {
                room.wait()
                let began = DispatchTime.now().uptimeNanoseconds
                try? queue.submit(batch(thread, number, value), durability) { result in
                    let spent = DispatchTime.now().uptimeNanoseconds - began
                    if (try? result.get()) != nil { times.withLock { $0.append(spent) } }
                    room.signal()
                }
            }
            for _ in 0..<window { room.wait() }
            for _ in 0..<window { room.signal() }
        }
        queue.close()
        try? store.close()
        let each = times.withLock { $0 }
        return each.count == submitters * count ? Outcome(nanoseconds: spent, each: each) : nil
    }

    /// - Returns: the nanoseconds until all had ended.
    private static func onThreads(_ count: Int, _ work: @escaping @Sendable (Int) -> Void) -> UInt64 {
        let hasEnded = DispatchSemaphore(value: 0)
        let start = DispatchTime.now().uptimeNanoseconds
        for thread in 0..<count {
            Thread.detachNewThread {
                work(thread)
                hasEnded.signal()
            }
        }
        for _ in 0..<count { hasEnded.wait() }
        return DispatchTime.now().uptimeNanoseconds - start
    }

    private static func value(_ thread: Int) -> [UInt8] {
        (0..<valueBytes).map { UInt8(truncatingIfNeeded: $0 % 2 == 1 ? 7 : $0 * 31 + thread) }
    }

    private static func batch(_ thread: Int, _ number: Int, _ value: [UInt8]) -> WriteBatch {
        let key = [UInt8(thread)] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        var batch = WriteBatch()
        batch.put(value, for: key, in: family)
        return batch
    }
}
