import Foundation
import Storage
import TestSupport

/// The clauses that need many threads.
enum Concurrency {
    private static let rounds = 60
    private static let writers = 4

    static func batchesAreWhole(_ store: any OrderedStore) throws {
        let problems = onThreads(writers + 2) { index -> String? in
            do {
                if index < writers {
                    for round in 0..<rounds {
                        var batch = WriteBatch()
                        let value = bytes("\(index)-\(round)")
                        batch.put(value, for: bytes("pair"), in: Subject.first)
                        batch.put(value, for: bytes("pair"), in: Subject.second)
                        try store.write(batch, round % 16 == 0 ? .durable : .relaxed)
                    }
                    return nil
                }
                for _ in 0..<rounds {
                    let snapshot = try store.snapshot()
                    let one = try snapshot.value(of: bytes("pair"), in: Subject.first)
                    let other = try snapshot.value(of: bytes("pair"), in: Subject.second)
                    if one != other { return "a part of a batch was seen" }
                }
                return nil
            } catch { return "\(error)" }
        }.compactMap(\.self)
        try expectEqual(problems, [])
    }

    static func queueAnswers(_ store: any OrderedStore) throws {
        let queue = CommitQueue(store)
        let problems = onThreads(writers) { index -> String? in
            do {
                for round in 0..<rounds {
                    let key = bytes("\(index)-\(round)")
                    var batch = WriteBatch()
                    batch.put(key, for: key, in: Subject.first)
                    try queue.commit(batch, round % 2 == 0 ? .durable : .relaxed)
                    let found = try store.value(of: key, in: Subject.first)
                    if found != key { return "an acknowledged write was not seen" }
                }
                return nil
            } catch { return "\(error)" }
        }.compactMap(\.self)
        try expectEqual(problems, [])
        queue.close()
        try expectError(.closed) { try queue.commit(WriteBatch(), .relaxed) }
    }
}
