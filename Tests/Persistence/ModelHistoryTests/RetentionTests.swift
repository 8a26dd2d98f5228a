import Storage
import TestSupport
import Testing

@testable import ModelHistory

@Suite("Old versions") struct RetentionTests {
    private static let minute: UInt64 = 60_000_000
    private static let hour = 60 * minute
    private static let day = 24 * hour
    private static let now = 1000 * day
    private static let rule = Retention(author: "learner", days: 365)

    /// Versions of a model that changes a little each time, one every twenty minutes of the last days.
    private static func history(
        _ repository: ModelRepository, days: UInt64, seed: UInt64, every: UInt64 = 20 * minute
    ) throws -> [ObjectID] {
        var random = SeededGenerator(seed: seed)
        var part = Samples.bytes(600, &random)
        var made: [ObjectID] = []
        var time = now - days * day
        while time <= now {
            for _ in 0..<3 { part[Int.random(in: 0..<part.count, using: &random)] &+= 1 }
            if random.chance(5) { part.insert(9, at: Int.random(in: 0..<part.count, using: &random)) }
            made.append(try repository.save(["tools": part], "version", at: time))
            time += every
        }
        return made
    }

    private static func log(_ reader: ModelReader, _ start: String = "HEAD") throws -> [(
        ObjectID, ModelCommit
    )] {
        var log = try reader.log(from: [try reader.resolve(start, of: Samples.model)])
        var found: [(ObjectID, ModelCommit)] = []
        while let next = try log.next() { found.append(next) }
        return found
    }

    @Test(
        "All of the last day stay, of the last week one an hour, then one a day, with their ids and bytes",
        arguments: Backing.allCases)
    func kept(backing: Backing) throws {
        let store = try backing.store()
        let repository = ModelRepository(store)
        let made = try Self.history(repository, days: 20, seed: 3)
        let before = try made.map { try repository.read($0) }
        let stored = try repository.reader.fsck().storedBytes
        let report = try repository.thin(Self.rule, now: Self.now)
        let cold = ModelReader(store, cacheBytes: 0)
        let unswept = try cold.fsck()
        #expect(unswept.isSound, "\(unswept.findings.prefix(3))")
        #expect(unswept.unreachable > report.versions)
        let collected = try repository.collect(reflogsBefore: 0)
        #expect(collected.removedObjects >= 3 * report.versions)
        let log = try Self.log(cold)
        #expect(log.count == made.count - report.versions)
        // 72 of the last day and itself, 6 days of 24 hours, and 13 days; edges fall amid an hour or a day.
        #expect((230...234).contains(log.count), "\(log.count)")
        let versions = Dictionary(uniqueKeysWithValues: before.map { ($0.id, $0) })
        for (id, commit) in log {
            let version = try #require(versions[id])
            #expect(try cold.read(id) == version)
            let age = Self.now - commit.microseconds
            if age > Self.day, commit.version > 0 {
                let slot = age <= 7 * Self.day ? Self.hour : Self.day
                // The last of its hour or day.
                let next = before[Int(commit.version) + 1].commit.microseconds
                #expect(next / slot != commit.microseconds / slot, "version \(commit.version)")
            }
        }
        let fsck = try cold.fsck()
        #expect(fsck.isSound, "\(fsck.findings.prefix(3))")
        #expect(fsck.unreachable == 0 && fsck.grafts > 100)
        #expect(fsck.objects <= 4 * log.count)
        #expect(fsck.storedBytes < stored / 3)
        // How many are missing is told where they are.
        var missing: UInt64 = 0
        for (id, commit) in log { missing += try cold.missing(before: id, commit) }
        #expect(missing == UInt64(report.versions))
        #expect(try cold.reflog(Samples.model, limit: 10_000).count <= log.count + 1)
        #expect(throws: HistoryError.self) { try cold.commit(made[1]) }
    }

    @Test("A second time nothing goes, a day later one an hour of the first") func again() throws {
        let repository = try Samples.repository()
        _ = try Self.history(repository, days: 9, seed: 4)
        _ = try repository.thin(Self.rule, now: Self.now)
        #expect(try repository.thin(Self.rule, now: Self.now) == ThinReport())
        _ = try repository.collect(reflogsBefore: 0)
        #expect(try repository.thin(Self.rule, now: Self.now) == ThinReport())
        let later = try repository.thin(Self.rule, now: Self.now + Self.day)
        // Two of three of a day's 72, and 23 of the 24 of the day that is over a week old now.
        #expect((68...74).contains(later.versions), "\(later.versions)")
        _ = try repository.collect(reflogsBefore: 0)
        let end = try repository.thin(Self.rule, now: Self.now + 400 * Self.day)
        #expect(end.versions > 100)
        _ = try repository.collect(reflogsBefore: 0)
        // What HEAD and the last move are at is never too old.
        #expect(try Self.log(repository.reader).count == 2)
        let fsck = try repository.reader.fsck()
        #expect(fsck.isSound && fsck.unreachable == 0, "\(fsck.findings)")
        let next = try repository.save(["tools": [1]], at: Self.now + 400 * Self.day)
        #expect(try repository.reader.fsck().isSound)
        #expect(try repository.reader.resolve("HEAD~1", of: Samples.model) != next)
    }

    @Test("Branches, tags, merges, where they meet, and what somebody moved stay", arguments: 1...8)
    func pinned(seed: UInt64) throws {
        let repository = try Samples.repository()
        let model = Samples.model
        let made = try Self.history(repository, days: 6, seed: seed)
        var random = SeededGenerator(seed: seed)
        let tagged = made.randomElement(using: &random)!
        try repository.tag(model, ModelName("good")!, at: tagged, Samples.act(Self.now - 5 * Self.day))
        let fork = made[10 + Int(seed)]
        try repository.branch(model, ModelName("side")!, at: fork, Samples.act(Self.now - 5 * Self.day))
        try repository.checkout(model, .branch(ModelName("side")!), Samples.act(Self.now - 5 * Self.day))
        for step in 0..<UInt64(9) {
            try repository.save(["tools": [UInt8(step)]], at: Self.now - 4 * Self.day + step * Self.minute)
        }
        let undone = try #require(try repository.head(model)?.commit)
        try repository.rollback(
            model, to: try repository.reader.resolve("HEAD~4", of: model),
            Samples.act(Self.now - 3 * Self.day))
        let side = try #require(try repository.head(model)?.commit)
        let report = try repository.thin(Self.rule, now: Self.now)
        #expect(report.versions > 100, "seed \(seed)")
        _ = try repository.collect(reflogsBefore: 0)
        let reader = repository.reader
        for id in [tagged, fork, undone, side, made.last!] { _ = try reader.read(id) }
        #expect(try reader.ancestry.mergeBase(made.last!, side) == fork)
        #expect(try reader.resolve("HEAD@{1}", of: model) == undone)
        let merged = try repository.merge(
            model, with: made.last!, kinds: [TakeOurs()],
            metadata: Samples.metadata("merge", at: Self.now - 2 * Self.day))
        _ = try repository.thin(Self.rule, now: Self.now + 30 * Self.day)
        _ = try repository.collect(reflogsBefore: 0)
        #expect(try reader.commit(merged.id).parents.count == 2)
        #expect(try reader.resolve("HEAD^2", of: model) == made.last!)
        let fsck = try ModelReader(Samples.store(repository), cacheBytes: 0).fsck()
        #expect(fsck.isSound, "seed \(seed): \(fsck.findings)")
    }

    @Test("What others than the program make stays, and reverting over a gap is refused") func others() throws
    {
        let repository = try Samples.repository()
        for step in 0..<UInt64(30) {
            var metadata = Samples.metadata("by hand", at: Self.now - 9 * Self.day + step * Self.minute)
            metadata.author = step % 10 == 5 ? "somebody" : "learner"
            try repository.commit(
                model: Samples.model, kind: Samples.kind, parts: ["a": [UInt8(step)]], metadata: metadata)
        }
        _ = try repository.thin(Self.rule, now: Self.now)
        _ = try repository.collect(reflogsBefore: 0)
        let log = try Self.log(repository.reader)
        #expect(log.map(\.1.version) == [29, 28, 27, 25, 15, 5])
        #expect(throws: HistoryError.thinned(log[2].0)) {
            try repository.revert(Samples.model, log[2].0, kinds: [], metadata: Samples.metadata("revert"))
        }
        // The one in use goes back to what was before it.
        let last = try repository.revert(
            Samples.model, log[0].0, kinds: [], metadata: Samples.metadata("revert"))
        #expect(try repository.read(last).parts == ["a": [28]])
    }

    @Test("A bundle of a thinned history is taken in with its gaps, and one with more of it fills none")
    func bundles() throws {
        let repository = try Samples.repository()
        _ = try Self.history(repository, days: 8, seed: 5)
        var whole: [UInt8] = []
        try repository.reader.bundle(Samples.model) { whole += $0 }
        _ = try repository.thin(Self.rule, now: Self.now)
        var thinned: [UInt8] = []
        try repository.reader.bundle(Samples.model) { thinned += $0 }
        #expect(thinned.count < whole.count)
        func take(_ bytes: [UInt8], _ other: ModelRepository) throws -> ImportReport {
            let source = BytesSource(bytes)
            return try other.importBundle(byteCount: bytes.count, Samples.act(Self.now)) {
                count throws(HistoryError) in source.next(count)
            }
        }
        let other = try Samples.repository()
        #expect(try take(thinned, other).isNewModel)
        var again: [UInt8] = []
        try other.reader.bundle(Samples.model) { again += $0 }
        #expect(again == thinned)
        #expect(try other.reader.fsck().isSound)
        let log = try Self.log(other.reader)
        #expect(try take(whole, other).references.isEmpty)
        #expect(try Self.log(other.reader).map(\.0) == log.map(\.0))
        #expect(try other.reader.fsck().isSound)
        _ = try other.collect(reflogsBefore: 0)
        #expect(try other.reader.fsck().unreachable == 0)
        for place in stride(from: 0, to: min(thinned.count, 4000), by: 7) {
            var damaged = thinned
            damaged[place] ^= 1
            #expect(throws: HistoryError.self, "byte \(place)") {
                _ = try take(damaged, try Samples.repository())
            }
        }
    }

    @Test("Whoever reads meanwhile reads what was written") func readers() throws {
        let store = try Backing.rocks.store()
        let repository = ModelRepository(store, cacheBytes: 0)
        let made = try Self.history(repository, days: 4, seed: 6)
        let kept = try made.suffix(70).map { try repository.read($0) }
        let done = onThreads(3) { thread -> Bool in
            if thread == 0 {
                return (try? repository.thin(Self.rule, now: Self.now)) != nil
                    && (try? repository.collect(reflogsBefore: 0)) != nil
            }
            for _ in 0..<6 {
                for version in kept where (try? repository.read(version.id)) != version { return false }
            }
            return true
        }
        #expect(done == [true, true, true])
    }
}

/// Parts of HEAD, whatever the other has.
private struct TakeOurs: ModelKind {
    var name: ModelName { Samples.kind }
    func differences(from old: [String: [UInt8]], to new: [String: [UInt8]]) -> [ModelDifference]? { [] }
    func merge(
        base: [String: [UInt8]], ours: [String: [UInt8]], theirs: [String: [UInt8]], weight: Double
    ) -> [String: [UInt8]]? { ours }
}
