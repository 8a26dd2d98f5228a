import Foundation
import RocksStorage
import Storage
import Synchronization
import TestSupport

// A program that stands for a process with a store that is killed:
//   StoreFixture write STORE LEDGER ROUND    writes until it is killed, and notes what was acknowledged
//   StoreFixture hold STORE                  opens the store and keeps it open
//   StoreFixture walk STORE LEDGER           does each thing that a store can do, and ends
//   StoreFixture fill STORE                  writes, and makes copies meanwhile, until the disk is full
//
// Each of its writers puts its own numbers, one after the other, from what it finds: `entries` holds the
// value and `heads`, in the same batch, the last number. LEDGER gets a line for each acknowledged durable
// write.

let entries = Family("entries")
let heads = Family("heads")
/// What is deleted again.
let old = Family("old")
let writers = 4

func key(_ writer: Int, _ number: UInt64) -> [UInt8] {
    [UInt8(writer)] + (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - $0 * 8)) }
}

func number(_ bytes: [UInt8]) -> UInt64 { bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) } }

func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// One call to the system for a line, so that it is there as a whole or not at all.
func note(_ ledger: Int32, _ writer: Int, _ number: UInt64) {
    let line = Array("\(writer) \(number)\n".utf8)
    // Proof: the call reads the bytes while it runs.
    if unsafe write(ledger, line, line.count) != line.count { exit(3) }
}

extension CommitQueue {
    /// Submits a batch and waits for its answer.
    func submitted(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        let answer = Mutex<Result<Void, StorageError>?>(nil)
        let isGiven = DispatchSemaphore(value: 0)
        try submit(batch, durability) { result in
            answer.withLock { $0 = result }
            isGiven.signal()
        }
        isGiven.wait()
        try answer.withLock { $0 }?.get()
    }
}

func writeUntilKilled(_ path: String, _ ledgerPath: String, _ round: UInt64) throws {
    var settings = RocksSettings()
    // So small that files are written, and merged, in the time a test has.
    settings.writeBufferBytes = 64 << 10
    settings.logBytes = 256 << 10
    let store = try RocksStore(path, purpose: "test", families: [entries, heads], settings: settings)
    // Proof: the path is a string that lives during the call.
    let ledger = unsafe open(ledgerPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard ledger >= 0 else { exit(2) }
    let queue = CommitQueue(store)
    say("writing \(store.report)")
    _ = onThreads(writers) { writer -> Bool in
        var generator = SeededGenerator(seed: round << 8 | UInt64(writer))
        do {
            var next = try store.value(of: [UInt8(writer)], in: heads).map { number($0) + 1 } ?? 1
            while true {
                let isDurable = generator.chance(50)
                var batch = WriteBatch()
                let length = Int.random(in: 8...400, using: &generator)
                batch.put(SealedValue.make(next, length: length), for: key(writer, next), in: entries)
                batch.put(key(writer, next), for: [UInt8(writer)], in: heads)
                let durability = isDurable ? Durability.durable : .relaxed
                if generator.chance(50) {
                    try queue.commit(batch, durability)
                } else {
                    try queue.submitted(batch, durability)
                }
                if isDurable { note(ledger, writer, next) }
                next += 1
            }
        } catch {
            say("failed \(error)")
            return false
        }
    }
}

/// Passes every failpoint of a store, once at least.
func walk(_ path: String, _ ledgerPath: String) throws {
    let store = try RocksStore(path, purpose: "test", families: [entries, heads, old])
    // Proof: the path is a string that lives during the call.
    let ledger = unsafe open(ledgerPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard ledger >= 0 else { exit(2) }
    var next = try store.value(of: [0], in: heads).map { number($0) + 1 } ?? 1
    func batch() -> WriteBatch {
        var batch = WriteBatch()
        batch.put(SealedValue.make(next, length: 100), for: key(0, next), in: entries)
        batch.put(key(0, next), for: [0], in: heads)
        batch.put([1], for: key(0, next), in: old)
        return batch
    }
    func write(_ body: () throws(StorageError) -> Void) throws(StorageError) {
        try body()
        note(ledger, 0, next)
        next += 1
    }
    let queue = CommitQueue(store)
    for _ in 0..<5 {
        try write { () throws(StorageError) in try queue.submitted(batch(), .durable) }
        try write { () throws(StorageError) in try queue.commit(batch(), .durable) }
        try write { () throws(StorageError) in try store.write(batch(), .durable) }
        try write { () throws(StorageError) in
            try store.write(batch(), .relaxed)
            try store.sync()
        }
    }
    var copy = 0
    while FileManager.default.fileExists(atPath: "\(path).copy\(copy)") { copy += 1 }
    try store.checkpoint(to: "\(path).copy\(copy)")
    try store.compact()
    let end = key(0, next - 5)
    var deletion = WriteBatch()
    deletion.delete(KeyRange(from: [], upTo: end), in: old)
    try store.write(deletion, .relaxed)
    try store.reclaim(below: end, in: old)
    queue.close()
    try store.close()
    say("walked to \(next - 1)")
    exit(0)
}

/// Writes until the disk is full, while another thread makes copies and one rewrites; then closes.
func fill(_ path: String) throws {
    var settings = RocksSettings()
    settings.writeBufferBytes = 1 << 20
    let store = try RocksStore(path, purpose: "test", families: [entries, heads], settings: settings)
    let isFull = Mutex(false)
    _ = onThreads(3) { thread -> Bool in
        var number: UInt64 = 0
        while !isFull.withLock({ $0 }) {
            number += 1
            do throws(StorageError) {
                switch thread {
                case 0:
                    var batch = WriteBatch()
                    batch.put(SealedValue.make(number, length: 4000), for: key(0, number), in: entries)
                    batch.put(key(0, number), for: [0], in: heads)
                    try store.write(batch, .relaxed)
                case 1:
                    let copy = "\(path).copy\(number)"
                    defer { try? FileManager.default.removeItem(atPath: copy) }
                    try store.checkpoint(to: copy)
                default:
                    try store.sync()
                    usleep(500)
                }
            } catch {
                guard thread != 1 else { continue }
                isFull.withLock { $0 = true }
                if case .noSpace = error { continue }
                if error != .stopped { say("\(error)") }
            }
        }
        return true
    }
    try? store.checkpoint(to: path + ".last")
    try? store.compact()
    try? store.close()
    say("full")
    _exit(0)
}

// Nobody is left to end it if the tests themselves were killed.
alarm(120)
let arguments = CommandLine.arguments
do throws(FailpointError) {
    try FailpointPlan.arm(FailpointPlan.variable, of: ProcessInfo.processInfo.environment)
} catch {
    say("\(error)")
    exit(5)
}
if arguments.count == 5, arguments[1] == "write" {
    try writeUntilKilled(arguments[2], arguments[3], UInt64(arguments[4]) ?? 0)
} else if arguments.count == 3, arguments[1] == "hold" {
    let store = try RocksStore(arguments[2], purpose: "test", families: [entries])
    say("open \(store.report)")
    while true { pause() }
}
if arguments.count == 4, arguments[1] == "walk" {
    do throws(any Error) { try walk(arguments[2], arguments[3]) } catch {
        say("failed \(error)")
        // Not `exit`, which would end RocksDB's statics under the queue's thread.
        _exit(4)
    }
}
if arguments.count == 3, arguments[1] == "fill" { try fill(arguments[2]) }
exit(1)
