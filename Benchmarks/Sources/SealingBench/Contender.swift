import Foundation
import RocksStorage
import Sealing
import Storage
import Synchronization

/// A store on a directory of its own, sealed or not, and what it does in a second.
struct Contender {
    static let family = Family("bench")
    static let durableThreads = 64
    /// Values that one batch of relaxed writes has, as the journal writes them.
    static let batchValues = 64

    let name: String
    let isSealed: Bool

    static let all = [Contender(name: "plain", isSealed: false), Contender(name: "sealed", isSealed: true)]

    /// - Parameter count: of the values.
    func measure(_ directory: String, valueBytes: Int, count: Int) throws -> Outcome {
        let files = try RocksStore(
            directory, purpose: "bench", families: [Self.family, SealedStore.family])
        let store: any OrderedStore =
            isSealed
            ? try SealedStore(
                files, purpose: "bench", path: directory, keys: SealingKeys(KeyRing(createdMicroseconds: 0)),
                purge: {}) : files
        var outcome = Outcome()
        outcome.durable = try durable(store, valueBytes, perThread: max(1, count / 400))
        outcome.relaxed = try relaxed(store, valueBytes, count)
        try files.compact()
        outcome.bytes = Double(Self.bytes(directory)) / Double(count)
        outcome.reads = try reads(store, count)
        outcome.scanned = try Self.perSecond(count) {
            let cursor = try store.cursor(over: .all, in: Self.family, .forward)
            while try cursor.next() != nil {}
        }
        try store.close()
        return outcome
    }

    /// Many writers, each of which waits for its own value to be on disk.
    private func durable(_ store: any OrderedStore, _ valueBytes: Int, perThread: Int) throws -> Double {
        let queue = CommitQueue(store)
        let failures = Mutex(0)
        let hasEnded = DispatchSemaphore(value: 0)
        let perSecond = Self.perSecond(Self.durableThreads * perThread) {
            for thread in 0..<Self.durableThreads {
                Thread.detachNewThread {
                    for number in 0..<perThread {
                        var batch = WriteBatch()
                        batch.put(
                            Self.value(number, valueBytes), for: Self.key(number &* 64 &+ thread),
                            in: Self.family)
                        if (try? queue.commit(batch, .durable)) == nil { failures.withLock { $0 += 1 } }
                    }
                    hasEnded.signal()
                }
            }
            for _ in 0..<Self.durableThreads { hasEnded.wait() }
        }
        queue.close()
        guard failures.withLock({ $0 }) == 0 else { throw StorageError.closed }
        return perSecond
    }

    private func relaxed(_ store: any OrderedStore, _ valueBytes: Int, _ count: Int) throws -> Double {
        try Self.perSecond(count) {
            var batch = WriteBatch()
            for number in 0..<count {
                batch.put(Self.value(number, valueBytes), for: Self.key(number), in: Self.family)
                guard batch.operations.count == Self.batchValues || number == count - 1 else { continue }
                try store.write(batch, .relaxed)
                batch = WriteBatch()
            }
        }
    }

    /// Of keys all over the store, in an order that repeats.
    private func reads(_ store: any OrderedStore, _ count: Int) throws -> Double {
        let reads = count / 4
        return try Self.perSecond(reads) {
            for number in 0..<reads {
                _ = try store.value(of: Self.key(number &* 7919 % count), in: Self.family)
            }
        }
    }

    private static func perSecond(_ count: Int, _ work: () throws -> Void) rethrows -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try work()
        return Double(count) * 1e9 / Double(max(1, DispatchTime.now().uptimeNanoseconds - start))
    }

    private static func key(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    /// Text as calls have it: names that repeat, and numbers that do not.
    private static func value(_ number: Int, _ count: Int) -> [UInt8] {
        var text: [UInt8] = []
        var part = UInt64(truncatingIfNeeded: number)
        while text.count < count {
            part = part &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += Array("\"path\":\"/srv/data/\(part >> 40)\",\"line\":\(part >> 52),".utf8)
        }
        return Array(text.prefix(count))
    }

    private static func bytes(_ directory: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasSuffix(".sst") }.reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }
}
