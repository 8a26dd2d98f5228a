import Storage
import TestSupport
import Testing

@testable import ModelHistory

@Suite("Faults of the disk under a history") struct FaultTests {
    private static let main = ModelName("main")!
    private static let side = ModelName("side")!

    /// A history with two branches, a tag, a merge in sight and something for `collect`.
    private static func work(_ repository: ModelRepository, until step: Int = .max) throws {
        let steps: [(ModelRepository) throws -> Void] = [
            { try $0.save(["tools": Array(repeating: 1, count: 600), "counts": [1]], "one", at: 1) },
            { try $0.save(["tools": Array(repeating: 1, count: 590) + [2], "counts": [2]], "two", at: 2) },
            { try $0.branch(Samples.model, side, at: try $0.head(Samples.model)!.commit!, Samples.act()) },
            { try $0.save(["tools": [3], "counts": [3]], "three", at: 3) },
            { try $0.tag(Samples.model, ModelName("good")!, at: try head($0), Samples.act()) },
            { try $0.checkout(Samples.model, .branch(side), Samples.act()) },
            { try $0.save(["tools": [4], "counts": [4]], "four", at: 4) },
            {
                try $0.rollback(
                    Samples.model, to: try $0.reader.resolve("HEAD~1", of: Samples.model), Samples.act())
            },
            {
                _ = try $0.merge(
                    Samples.model, with: try $0.reader.resolve("main", of: Samples.model), kinds: [SumKind()],
                    metadata: Samples.metadata("merge", at: 5))
            },
            { _ = try $0.collect(reflogsBefore: 10) },
            { try $0.save(["tools": Array(repeating: 1, count: 600), "counts": [6]], "six", at: 6) },
            { try $0.save(["tools": Array(repeating: 1, count: 599) + [7], "counts": [7]], "seven", at: 7) },
            {
                try $0.save(
                    ["tools": Array(repeating: 1, count: 598) + [7, 8], "counts": [8]], "eight", at: 8)
            },
            { try $0.save(["tools": [9], "counts": [9]], "nine", at: 9) },
            { try $0.thin(Retention(author: "learner", days: 365), now: 3 * 86_400_000_000) },
            { _ = try $0.collect(reflogsBefore: 10) },
            { try $0.delete(Samples.model, .tag(ModelName("good")!), Samples.act()) },
        ]
        for act in steps.prefix(step) { try act(repository) }
    }

    private static func head(_ repository: ModelRepository) throws -> ObjectID {
        try #require(try repository.head(Samples.model)?.commit)
    }

    /// What all references point at.
    private static func picture(_ reader: ModelReader) throws -> [String] {
        guard let head = try reader.head(Samples.model) else { return [] }
        return ["\(head)"]
            + (try reader.references(Samples.model)).map { "\($0.reference.text) \($0.target)" }
    }

    @Test(
        "After a failed or killed operation the history is sound, and every reference is where it was or where it goes",
        arguments: [DiskFault.kill, .noSpace, .inputOutput, .shortWrite(bytes: 5)])
    func everyOperation(fault: DiskFault) throws {
        // The pictures between the steps, without faults.
        var pictures: [[String]] = []
        for step in 0...17 {
            let repository = try Samples.repository()
            try Self.work(repository, until: step)
            pictures.append(try Self.picture(repository.reader))
        }
        var operation = 1
        var wasWhole = false
        while !wasWhole, operation < 300 {
            let disk = MemoryDisk()
            let repository = ModelRepository(try MemoryStore(disk, families: ModelRepository.families))
            disk.fail(operation: disk.operations + operation, fault)
            wasWhole = (try? Self.work(repository)) != nil
            disk.restart()
            let again = ModelReader(try MemoryStore(disk, families: ModelRepository.families))
            let report = try again.fsck()
            #expect(report.isSound, "operation \(operation): \(report.findings)")
            #expect(pictures.contains(try Self.picture(again)), "operation \(operation)")
            operation += 1
        }
        #expect(wasWhole)
        #expect(operation > 10)
    }

    @Test("Every damaged byte of a history is found, and none is served", arguments: Backing.allCases)
    func everyByte(backing: Backing) throws {
        let store = try backing.store()
        try Self.work(ModelRepository(store), until: 15)
        let whole = ModelReader(store, cacheBytes: 0)
        let ids = [try #require(try whole.head(Samples.model)?.commit)]
        let versions = try ids.map { try whole.read($0) }
        var flips = 0
        for family in ModelRepository.families {
            for entry in try store.entries(in: .all, of: family, limit: 1000) {
                for place in entry.value.indices {
                    var damaged = WriteBatch()
                    var value = entry.value
                    value[place] ^= UInt8(1 << (place % 8))
                    damaged.put(value, for: entry.key, in: family)
                    try store.write(damaged, .relaxed)
                    flips += 1
                    let reader = ModelReader(store, cacheBytes: 0)
                    if place % 7 == 0 || family != ModelRepository.families[0] {
                        #expect(try !reader.fsck().isSound, "\(family.name) byte \(place)")
                    } else if let id = ObjectID(entry.key) {
                        #expect(!ObjectRecord.isWritten(value, as: id))
                    }
                    for (id, version) in zip(ids, versions) {
                        if let read = try? reader.read(id) { #expect(read == version) }
                    }
                }
                var repaired = WriteBatch()
                repaired.put(entry.value, for: entry.key, in: family)
                try store.write(repaired, .relaxed)
            }
        }
        #expect(flips > 1000)
        #expect(try whole.fsck().isSound)
    }
}
