import Foundation
import ModelHistory
import RocksStorage
import Storage
import TestSupport

// A program that stands for a process with a history of models that is killed:
//   HistoryFixture write STORE LEDGER ROUND   makes versions until it is killed
//   HistoryFixture walk STORE LEDGER          does each thing that a history can do, and ends
//
// LEDGER gets a line for each acknowledged version of the models that only go forward: the model and the id.

let kind = ModelName("test.kind")!

func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// One call to the system for a line, so that it is there as a whole or not at all.
func note(_ ledger: Int32, _ model: ModelName, _ id: ObjectID) {
    let line = Array("\(model) \(id)\n".utf8)
    // Proof: the call reads the bytes while it runs.
    if unsafe write(ledger, line, line.count) != line.count { exit(3) }
}

func act(_ time: UInt64) -> Act { Act(author: "fixture", microseconds: time) }

/// The parts of the version after the one in use: mostly as they were, and the version's number.
func next(_ repository: ModelRepository, _ model: ModelName, _ random: inout SeededGenerator)
    throws(HistoryError) -> [String: [UInt8]]
{
    let old = try repository.head(model)?.commit.map { id throws(HistoryError) in try repository.read(id) }
    var weights = old?.parts["weights"] ?? SealedValue.make(7, length: 3000)
    for _ in 0..<4 { weights[Int.random(in: 0..<weights.count, using: &random)] &+= 1 }
    if random.chance(10) { weights.insert(7, at: Int.random(in: 0..<weights.count, using: &random)) }
    let version = old.map { $0.commit.version + 1 } ?? 0
    return [
        "weights": weights, "number": (0..<8).map { UInt8(truncatingIfNeeded: version >> (8 * $0)) },
        "noise": SealedValue.make(version, length: Int.random(in: 8...600, using: &random)),
    ]
}

func commit(
    _ repository: ModelRepository, _ model: ModelName, _ random: inout SeededGenerator, at time: UInt64
) throws(HistoryError) -> ObjectID {
    try repository.commit(
        model: model, kind: kind, parts: try next(repository, model, &random),
        metadata: CommitMetadata(author: "learner", message: "a version", microseconds: time))
}

/// Two models go forward; of a third, versions are left behind and collected.
func writeUntilKilled(_ path: String, _ ledger: Int32, _ round: UInt64) throws {
    var settings = RocksSettings()
    // So small that files are written, and merged, in the time a test has.
    settings.writeBufferBytes = 64 << 10
    settings.logBytes = 256 << 10
    let store = try RocksStore(
        path, purpose: "test", families: ModelRepository.families, settings: settings)
    let repository = ModelRepository(store)
    say("writing \(store.report)")
    _ = onThreads(3) { thread -> Bool in
        var random = SeededGenerator(seed: round << 8 | UInt64(thread))
        let model = ModelName("model\(thread)")!
        var time = UInt64(Date().timeIntervalSince1970 * 1e6)
        do throws(HistoryError) {
            if thread < 2 { try noteFound(repository, ledger, model) }
            while true {
                time += 1
                let id = try commit(repository, model, &random, at: time)
                if thread < 2 {
                    note(ledger, model, id)
                } else {
                    try leaveBehind(repository, model, id, &random, time)
                }
            }
        } catch {
            say("failed \(error)")
            return false
        }
    }
}

/// What is found counts as acknowledged: whoever made it was killed before it could say so.
func noteFound(
    _ repository: ModelRepository, _ ledger: Int32, _ model: ModelName
) throws(HistoryError) {
    if let id = try repository.head(model)?.commit { note(ledger, model, id) }
}

func leaveBehind(
    _ repository: ModelRepository, _ model: ModelName, _ id: ObjectID, _ random: inout SeededGenerator,
    _ time: UInt64
) throws(HistoryError) {
    guard try repository.reader.commit(id).version > 0 else { return }
    let before = try repository.reader.resolve("HEAD~1", of: model)
    try repository.rollback(model, to: before, act(time))
    if random.chance(20) { _ = try repository.collect(reflogsBefore: .max) }
}

/// Adds what both have.
struct Newest: ModelKind {
    var name: ModelName { kind }
    func differences(from old: [String: [UInt8]], to new: [String: [UInt8]]) -> [ModelDifference]? { [] }
    func merge(
        base: [String: [UInt8]], ours: [String: [UInt8]], theirs: [String: [UInt8]], weight: Double
    ) -> [String: [UInt8]]? { theirs.merging(ours) { $1 } }
}

/// Passes every failpoint of a history, once at least.
func walk(_ path: String, _ ledger: Int32) throws(HistoryError) {
    let store: RocksStore
    do throws(StorageError) {
        store = try RocksStore(path, purpose: "test", families: ModelRepository.families)
    } catch {
        throw .storage(error)
    }
    let repository = ModelRepository(store)
    let start = UInt64(Date().timeIntervalSince1970 * 1e6)
    var random = SeededGenerator(seed: start)
    let forward = ModelName("model0")!
    try noteFound(repository, ledger, forward)
    for step in 0..<UInt64(5) {
        note(ledger, forward, try commit(repository, forward, &random, at: start + step))
    }
    try age(repository, &random, start)
    let other = ModelName("model2")!
    for step in 0..<UInt64(3) {
        try leaveBehind(
            repository, other, try commit(repository, other, &random, at: start + step), &random, start)
    }
    let branch = ModelName("b\(start)")!
    try repository.branch(other, branch, at: try repository.reader.resolve("HEAD", of: other), act(start))
    _ = try commit(repository, other, &random, at: start + 5)
    try repository.checkout(other, .branch(branch), act(start))
    _ = try commit(repository, other, &random, at: start + 6)
    _ = try repository.merge(
        other, with: try repository.reader.resolve("main", of: other), kinds: [Newest()],
        metadata: CommitMetadata(author: "fixture", message: "merge", microseconds: start + 7))
    try bring(to: repository, start)
    _ = try repository.collect(reflogsBefore: .max)
    do throws(StorageError) { try store.close() } catch { throw .storage(error) }
    say("walked")
}

/// Makes versions of days that are long gone, of which most go again.
func age(_ repository: ModelRepository, _ random: inout SeededGenerator, _ now: UInt64) throws(HistoryError) {
    let day: UInt64 = 86_400_000_000
    let model = ModelName("model3")!
    for step in 0..<UInt64(12) {
        _ = try commit(repository, model, &random, at: now - 20 * day + step * day / 8)
    }
    _ = try commit(repository, model, &random, at: now)
    try repository.thin(Retention(author: "learner", days: 365), now: now)
    _ = try repository.collect(reflogsBefore: 0)
}

/// Imports a bundle whose objects are new.
func bring(to repository: ModelRepository, _ time: UInt64) throws(HistoryError) {
    let memory: MemoryStore
    do throws(StorageError) {
        memory = try MemoryStore(families: ModelRepository.families)
    } catch {
        throw .storage(error)
    }
    let elsewhere = ModelRepository(memory)
    var random = SeededGenerator(seed: time)
    let model = ModelName("brought")!
    for step in 0..<UInt64(3) { _ = try commit(elsewhere, model, &random, at: time + step) }
    let file = BundleBytes()
    try elsewhere.reader.bundle(model) { bytes throws(HistoryError) in file.bytes += bytes }
    _ = try repository.importBundle(byteCount: file.bytes.count, act(time)) { count throws(HistoryError) in
        file.take(count)
    }
}

final class BundleBytes {
    var bytes: [UInt8] = []
    private var place = 0

    func take(_ count: Int) -> [UInt8] {
        defer { place += count }
        return Array(bytes[place..<min(bytes.count, place + count)])
    }
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
guard arguments.count >= 4 else { exit(1) }
// Proof: the path is a string that lives during the call.
let ledger = unsafe open(arguments[3], O_WRONLY | O_CREAT | O_APPEND, 0o600)
guard ledger >= 0 else { exit(2) }
if arguments[1] == "write", arguments.count == 5 {
    try writeUntilKilled(arguments[2], ledger, UInt64(arguments[4]) ?? 0)
} else if arguments[1] == "walk" {
    do throws(HistoryError) { try walk(arguments[2], ledger) } catch {
        say("failed \(error)")
        // Not `exit`, which would end RocksDB's statics under its threads.
        _exit(4)
    }
    exit(0)
}
exit(1)
