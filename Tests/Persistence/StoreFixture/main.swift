import Glibc
import RocksStorage
import Storage
import Synchronization
import TestSupport

// A program that stands for a process with a store that is killed:
//   StoreFixture write STORE LEDGER ROUND    writes until it is killed, and notes what was acknowledged
//   StoreFixture hold STORE                  opens the store and keeps it open
//
// Each of its writers puts its own numbers, one after the other, from what it finds: `entries` holds the
// value and `heads`, in the same batch, the last number. LEDGER gets a line for each acknowledged durable
// write.

let entries = Family("entries")
let heads = Family("heads")
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
                try queue.commit(batch, isDurable ? .durable : .relaxed)
                if isDurable { note(ledger, writer, next) }
                next += 1
            }
        } catch {
            say("failed \(error)")
            return false
        }
    }
}

// Nobody is left to end it if the tests themselves were killed.
alarm(120)
let arguments = CommandLine.arguments
if arguments.count == 5, arguments[1] == "write" {
    try writeUntilKilled(arguments[2], arguments[3], UInt64(arguments[4]) ?? 0)
} else if arguments.count == 3, arguments[1] == "hold" {
    let store = try RocksStore(arguments[2], purpose: "test", families: [entries])
    say("open \(store.report)")
    while true { pause() }
}
exit(1)
