import Storage
import TestSupport
import Testing

@testable import ModelHistory

@Suite("Graphs of commits") struct GraphTests {
    /// A history of random commits, branches, merges and moves.
    private struct RandomHistory {
        let store: any OrderedStore
        let repository: ModelRepository
        var random: SeededGenerator
        var commits: [ObjectID] = []
        var names = 0

        init(seed: UInt64, _ backing: Backing) throws {
            store = try backing.store()
            repository = ModelRepository(store)
            random = SeededGenerator(seed: seed)
            commits.append(try repository.save(["a": Samples.bytes(300, &random)], at: 1))
        }

        mutating func step(_ time: UInt64) throws {
            let model = Samples.model
            let any = commits.randomElement(using: &random)!
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                var parts = try repository.read(try repository.head(model)!.commit!).parts
                parts["a"]?[Int.random(in: 0..<300, using: &random)] &+= 1
                commits.append(try repository.save(parts, "commit \(time)", at: time))
            case 5:
                names += 1
                try repository.branch(model, ModelName("b\(names)")!, at: any, Samples.act(time))
            case 6: try repository.checkout(model, .detached(any), Samples.act(time))
            case 7:
                let branches = try repository.reader.references(model).filter { $0.reference.kind == .branch }
                guard case .branch(let name) = branches.randomElement(using: &random)!.reference else {
                    return
                }
                try repository.checkout(model, .branch(name), Samples.act(time))
            case 8: try repository.rollback(model, to: any, Samples.act(time))
            default:
                let outcome = try? repository.merge(
                    model, with: any, kinds: [SumKind300()], metadata: Samples.metadata("merge", at: time))
                if let id = outcome?.id, !commits.contains(id) { commits.append(id) }
            }
        }
    }

    private struct SumKind300: ModelKind {
        var name: ModelName { Samples.kind }
        func differences(from: [String: [UInt8]], to: [String: [UInt8]]) -> [ModelDifference]? { nil }
        func merge(
            base: [String: [UInt8]], ours: [String: [UInt8]], theirs: [String: [UInt8]], weight: Double
        ) -> [String: [UInt8]]? {
            guard let left = ours["a"], let right = theirs["a"] else { return nil }
            return ["a": zip(left, right).map { $0 &+ $1 }]
        }
    }

    @Test(
        "Of random histories merge bases are the nearest common ancestors, versions count from the root, and logs give children first",
        arguments: 1...12, Backing.allCases)
    func relations(seed: UInt64, backing: Backing) throws {
        var history = try RandomHistory(seed: seed, backing)
        for time in 2..<60 { try history.step(UInt64(time)) }
        let reader = history.repository.reader
        let all = try Dictionary(
            uniqueKeysWithValues: history.commits.map { ($0, try Self.closure($0, reader)) })
        for _ in 0..<40 {
            let one = history.commits.randomElement(using: &history.random)!
            let other = history.commits.randomElement(using: &history.random)!
            let common = all[one]!.intersection(all[other]!)
            let base = try reader.ancestry.mergeBase(one, other)
            #expect(common.isEmpty == (base == nil), "seed \(seed)")
            if let base {
                #expect(common.contains(base), "seed \(seed)")
                // No other common ancestor descends from it.
                #expect(!common.contains { $0 != base && all[$0]!.contains(base) }, "seed \(seed)")
            }
            #expect(try reader.ancestry.isAncestor(one, of: other) == all[other]!.contains(one))
        }
        for id in history.commits {
            let commit = try reader.commit(id)
            #expect(
                try commit.version == (commit.parents.first.map { try reader.commit($0).version + 1 } ?? 0))
        }
        var log = try reader.log(from: history.commits)
        var seen: Set<ObjectID> = []
        while let (id, commit) = try log.next() {
            #expect(seen.isDisjoint(with: commit.parents), "seed \(seed)")
            seen.insert(id)
        }
        #expect(seen == Set(history.commits))
    }

    private static func closure(_ id: ObjectID, _ reader: ModelReader) throws -> Set<ObjectID> {
        var found: Set<ObjectID> = [id]
        var open = [id]
        while let next = open.popLast() {
            for parent in try reader.commit(next).parents where found.insert(parent).inserted {
                open.append(parent)
            }
        }
        return found
    }

    @Test(
        "Collecting takes away what nothing leads to, and nothing else", arguments: 1...12, Backing.allCases)
    func collected(seed: UInt64, backing: Backing) throws {
        var history = try RandomHistory(seed: 100 + seed, backing)
        for time in 2..<60 { try history.step(UInt64(time)) }
        let repository = history.repository
        let kept = Set(
            try
                (repository.reader.references(Samples.model).map(\.target)
                + [repository.head(Samples.model)!.commit!]).flatMap {
                    try Self.closure($0, repository.reader)
                })
        let versions = try kept.map { try repository.read($0) }
        // With the reflog all commits that were ever in use are reachable.
        let first = try repository.collect(reflogsBefore: 0)
        #expect(first.removedObjects == 0, "seed \(seed)")
        let report = try repository.collect(reflogsBefore: .max)
        let cold = ModelReader(history.store, cacheBytes: 0)
        for version in versions { #expect(try cold.read(version.id) == version, "seed \(seed)") }
        let fsck = try cold.fsck()
        #expect(fsck.isSound, "seed \(seed): \(fsck.findings)")
        let last = try repository.reader.reflog(Samples.model, limit: 10)
        #expect(last.count == 1)
        let stays = kept.union([last[0].old, last[0].new].compactMap(\.self))
        for id in history.commits where !stays.contains(id) && report.removedObjects > 0 {
            let isBehindLast = try [last[0].old, last[0].new].compactMap(\.self)
                .contains { try Self.closure($0, cold).contains(id) }
            if !isBehindLast { #expect(throws: HistoryError.self) { try cold.commit(id) } }
        }
        // What goes on from there is as sound.
        for time in 60..<70 {
            var parts = try repository.read(try repository.head(Samples.model)!.commit!).parts
            parts["a"]?[Int(time)] &+= 1
            try repository.save(parts, at: UInt64(time))
        }
        #expect(try ModelReader(history.store, cacheBytes: 0).fsck().isSound)
    }

    @Test("What a commit brings back while others are collected stays", arguments: Backing.allCases)
    func beside(backing: Backing) throws {
        let store = try backing.store()
        let repository = ModelRepository(store)
        let part = Array(repeating: UInt8(9), count: 700)
        try repository.save(["a": [1]], at: 1)
        let lost = try repository.save(["a": part], at: 2)
        try repository.rollback(
            Samples.model, to: try repository.reader.resolve("HEAD~1", of: Samples.model), Samples.act(3))
        try repository.save(["a": [2]], at: 4)
        var collector = Collector(cutoff: .max)
        try collector.mark(ModelReader(try store.snapshot(), cacheBytes: 0))
        // The same bytes, and so the same blob, as the commit that is about to go.
        let back = try repository.save(["a": part], at: 5)
        try repository.sweep(&collector)
        let cold = ModelReader(store, cacheBytes: 0)
        #expect(try cold.read(back).parts == ["a": part])
        #expect(throws: HistoryError.damaged(lost, .missing)) { try cold.commit(lost) }
        #expect(try cold.fsck().isSound)
    }

    @Test(
        "A revision is found by branch, tag, digits, number, generation and past",
        arguments: Backing.allCases)
    func revisions(backing: Backing) throws {
        let repository = try Samples.repository(backing)
        let first = try repository.save(["a": [1]], at: 1)
        let second = try repository.save(["a": [2]], at: 2)
        let third = try repository.save(["a": [3]], at: 3)
        try repository.tag(Samples.model, ModelName("good")!, at: second, Samples.act())
        let reader = repository.reader
        for (text, id) in [
            ("HEAD", third), ("", third), ("main", third), ("good", second), ("tag/good", second),
            ("HEAD~1", second), ("HEAD~2", first), ("HEAD^", second), ("HEAD^^", first), ("main~1", second),
            (second.short, second), (first.hex, first), ("v0", first), ("v2", third), ("HEAD@{1}", second),
            ("HEAD@{0}", third), ("main@{2}", first), ("HEAD@{1}~1", first),
        ] { #expect(try reader.resolve(text, of: Samples.model) == id, "\(text)") }
        for text in ["HEAD~3", "HEAD^2", "none", "v9", "HEAD@{9}", "HEAD~x", "..", "@{", "HEAD@{1"] {
            #expect(throws: HistoryError.noRevision(text)) { try reader.resolve(text, of: Samples.model) }
        }
        #expect(throws: HistoryError.noModel("other")) { try reader.resolve("HEAD", of: ModelName("other")!) }
    }
}
