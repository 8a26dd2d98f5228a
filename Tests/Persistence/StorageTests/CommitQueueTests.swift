import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Commit queue") struct CommitQueueTests {
    static let family = Family("a")

    static func batch(_ number: Int, bytes: Int = 8) -> WriteBatch {
        var batch = WriteBatch()
        let key = Array("\(number)".utf8)
        batch.put([UInt8](repeating: 1, count: bytes), for: key, in: family)
        return batch
    }

    @Test("What gathers while the disk is busy goes with one sync, in the order it came") func groups() throws
    {
        let store = GatedStore(try MemoryStore(families: [Self.family]))
        let queue = CommitQueue(store)
        let answers = Mutex<[Int]>([])
        for number in 0..<100 {
            try queue.submit(Self.batch(number), .durable) { _ in answers.withLock { $0.append(number) } }
            if number == 0 { store.waitForWriter() }
        }
        store.open()
        queue.close()
        #expect(answers.withLock { $0 } == Array(0..<100))
        #expect(store.writes == [1, 99])
    }

    @Test("A full queue refuses a batch that can't wait, and lets one that can wait") func full() throws {
        let store = GatedStore(try MemoryStore(families: [Self.family]))
        var limits = CommitLimits()
        limits.waiting = 3
        let queue = CommitQueue(store, limits: limits)
        try queue.submit(Self.batch(0), .relaxed) { _ in }
        store.waitForWriter()
        for number in 1...3 { try queue.submit(Self.batch(number), .relaxed) { _ in } }
        #expect(throws: StorageError.queueFull(waiting: 3)) {
            try queue.submit(Self.batch(4), .relaxed) { _ in Issue.record("it was refused") }
        }
        let outcomes = onThreads(3) { index -> Bool in
            if index == 0 {
                store.open()
                return true
            }
            return (try? queue.commit(Self.batch(10 + index), .durable)) != nil
        }
        #expect(outcomes == [true, true, true])
        queue.close()
        #expect(try store.entries(in: .all, of: Self.family, limit: 99).count == 6)
    }

    @Test("Bytes that wait are bounded too") func fullOfBytes() throws {
        let store = GatedStore(try MemoryStore(families: [Self.family]))
        var limits = CommitLimits()
        limits.waitingBytes = 1000
        let queue = CommitQueue(store, limits: limits)
        try queue.submit(Self.batch(0), .relaxed) { _ in }
        store.waitForWriter()
        try queue.submit(Self.batch(1, bytes: 5000), .relaxed) { _ in }
        #expect(throws: StorageError.queueFull(waiting: 1)) {
            try queue.submit(Self.batch(2), .relaxed) { _ in }
        }
        store.open()
        queue.close()
    }

    @Test("One batch that is refused fails alone") func refusal() throws {
        let store = GatedStore(try MemoryStore(families: [Self.family]))
        let queue = CommitQueue(store)
        let outcomes = Mutex<[Bool]>([])
        var wrong = WriteBatch()
        wrong.put([1], for: [1], in: Family("b"))
        for (number, batch) in [Self.batch(0), Self.batch(1), wrong, Self.batch(2)].enumerated() {
            try queue.submit(batch, .durable) { result in
                outcomes.withLock { $0.append((try? result.get()) != nil) }
            }
            if number == 0 { store.waitForWriter() }
        }
        store.open()
        queue.close()
        #expect(outcomes.withLock { $0 } == [true, true, false, true])
    }

    @Test("A disk that fails is told to every writer of the group") func failure() throws {
        let disk = MemoryDisk()
        let store = GatedStore(try MemoryStore(disk, families: [Self.family]))
        let queue = CommitQueue(store)
        let failures = Mutex<[StorageError]>([])
        try queue.submit(Self.batch(0), .durable) { _ in }
        store.waitForWriter()
        // Its own append and sync come first.
        disk.fail(operation: disk.operations + 4, .inputOutput)
        for number in 1...5 {
            try queue.submit(Self.batch(number), .durable) { result in
                if case .failure(let error) = result { failures.withLock { $0.append(error) } }
            }
        }
        store.open()
        queue.close()
        let expected = StorageError.inputOutput(.sync, detail: "the device failed")
        #expect(failures.withLock { $0 } == Array(repeating: expected, count: 5))
    }

    @Test("A batch that is waited for comes behind those that its thread submitted before") func order()
        throws
    {
        let store = GatedStore(try MemoryStore(families: [Self.family]))
        let queue = CommitQueue(store)
        var last = WriteBatch()
        try queue.submit(Self.batch(0), .durable) { _ in }
        store.waitForWriter()
        for value in 1...3 as ClosedRange<UInt8> {
            last = WriteBatch()
            last.put([value], for: [1], in: Self.family)
            if value < 3 { try queue.submit(last, .relaxed) { _ in } }
        }
        let outcomes = onThreads(2) { [last] index -> Bool in
            if index == 0 { return (try? queue.commit(last, .durable)) != nil }
            while queue.waiting < 3 { sched_yield() }
            store.open()
            return true
        }
        #expect(outcomes == [true, true])
        #expect(store.writes == [1, 3])
        #expect(try store.value(of: [1], in: Self.family) == [3])
        queue.close()
    }

    @Test("A batch that is waited for, with none submitted before it, is not behind another's") func direct()
        throws
    {
        let store = GatedStore(try MemoryStore(families: [Self.family]))
        let queue = CommitQueue(store)
        let outcomes = onThreads(2) { index -> Bool in
            if index == 0 { return (try? queue.commit(Self.batch(0), .durable)) != nil }
            store.waitForWriter()
            // The other is at the gate.
            let isWritten = (try? queue.commit(Self.batch(1), .durable)) != nil
            store.open()
            return isWritten
        }
        #expect(outcomes == [true, true])
        #expect(store.writes == [1, 1])
        queue.close()
        #expect(throws: StorageError.closed) { try queue.commit(Self.batch(2), .durable) }
    }

    @Test("Its end waits for those that write by themselves") func endOfDirect() throws {
        let store = GatedStore(try MemoryStore(families: [Self.family]))
        let queue = CommitQueue(store)
        let isClosed = Mutex(false)
        let outcomes = onThreads(2) { index -> Bool in
            if index == 0 {
                let isWritten = (try? queue.commit(Self.batch(0), .durable)) != nil
                // `close` may return only after this write; it can't have while it was at the gate.
                return isWritten
            }
            store.waitForWriter()
            let closing = Thread {
                queue.close()
                isClosed.withLock { $0 = true }
            }
            closing.start()
            while (try? queue.commit(Self.batch(1), .relaxed)) != nil { sched_yield() }
            let isOpen = !isClosed.withLock { $0 }
            store.open()
            return isOpen
        }
        #expect(outcomes == [true, true])
        queue.close()
    }

    @Test("Its end answers all who wait and refuses all who come") func end() throws {
        let store = GatedStore(try MemoryStore(families: [Self.family]))
        let queue = CommitQueue(store)
        store.open()
        let committed = onThreads(4) { index -> Int in
            var count = 0
            while (try? queue.commit(Self.batch(index * 10_000 + count), .relaxed)) != nil {
                count += 1
                if index == 0, count == 50 { queue.close() }
            }
            return count
        }
        #expect(
            try store.entries(in: .all, of: Self.family, limit: 99_999).count == committed.reduce(0, +))
    }
}
