import Storage
import TestSupport
import Testing

@testable import ModelHistory

@Suite("Bundles") struct BundleTests {
    private static func bundle(_ repository: ModelRepository) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try repository.reader.bundle(Samples.model) { bytes += $0 }
        return bytes
    }

    @discardableResult private static func take(
        _ bytes: [UInt8], _ repository: ModelRepository
    ) throws -> ImportReport {
        let source = BytesSource(bytes)
        return try repository.importBundle(byteCount: bytes.count, Samples.act(9)) {
            count throws(HistoryError) in
            source.next(count)
        }
    }

    private static func history(_ backing: Backing = .memory) throws -> ModelRepository {
        var random = SeededGenerator(seed: 5)
        let repository = try Samples.repository(backing)
        var part = Samples.bytes(900, &random)
        for version in 1...6 {
            part[version * 100] &+= 1
            if version == 4 { part.insert(contentsOf: [1, 2, 3], at: 50) }
            try repository.save(["tools": part, "counts": [UInt8(version)]], at: UInt64(version))
        }
        try repository.branch(
            Samples.model, ModelName("old")!, at: try repository.reader.resolve("v2", of: Samples.model),
            Samples.act())
        try repository.tag(
            Samples.model, ModelName("good")!, at: try repository.reader.resolve("v3", of: Samples.model),
            Samples.act())
        return repository
    }

    @Test("A bundle brings a model to another store as it was", arguments: Backing.allCases)
    func whole(backing: Backing) throws {
        let repository = try Self.history(backing)
        let bytes = try Self.bundle(repository)
        let other = try Samples.repository(backing)
        let report = try Self.take(bytes, other)
        #expect(report.isNewModel)
        #expect(report.newObjects == report.objects)
        #expect(try other.head(Samples.model) == repository.head(Samples.model))
        for text in ["HEAD", "old", "good", "HEAD~5"] {
            let id = try repository.reader.resolve(text, of: Samples.model)
            #expect(try other.reader.resolve(text, of: Samples.model) == id)
            #expect(try other.read(id) == repository.read(id))
        }
        #expect(try other.reader.fsck().isSound)
        #expect(try Self.bundle(other) == bytes)
        // Once more it brings nothing.
        let again = try Self.take(bytes, other)
        #expect(again.newObjects == 0)
        #expect(again.references.isEmpty)
    }

    @Test("A model that is there keeps its own branches", arguments: Backing.allCases)
    func beside(backing: Backing) throws {
        let repository = try Self.history(backing)
        let bytes = try Self.bundle(repository)
        let other = try Samples.repository(backing)
        let own = try other.save(["tools": [7]], "its own")
        let report = try Self.take(bytes, other)
        #expect(!report.isNewModel)
        #expect(try other.head(Samples.model)?.commit == own)
        let imported = try other.reader.resolve("imported/main", of: Samples.model)
        #expect(imported == (try repository.head(Samples.model)?.commit))
        #expect(
            try other.reader.resolve("good", of: Samples.model)
                == repository.reader.resolve("good", of: Samples.model))
        #expect(try other.reader.fsck().isSound)
    }

    @Test("No damaged byte and no cut end of a bundle is taken, and nothing of it is in use") func damaged()
        throws
    {
        let bytes = try Self.bundle(try Self.history())
        for place in stride(from: 0, to: bytes.count, by: 3) {
            let other = try Samples.repository()
            var damaged = bytes
            damaged[place] ^= UInt8(1 << (place % 8))
            #expect(throws: HistoryError.self, "byte \(place)") { try Self.take(damaged, other) }
            #expect(try other.reader.models().isEmpty)
            if place % 50 == 0 {
                #expect(throws: HistoryError.self) { try Self.take(Array(bytes.prefix(place)), other) }
                #expect(try other.reader.fsck().isSound)
                _ = try other.collect(reflogsBefore: 0)
                #expect(try other.reader.fsck().objects == 0)
            }
        }
        #expect(throws: HistoryError.bundle(.cutShort)) {
            try Self.take(bytes + [0], try Samples.repository())
        }
    }

    @Test("Bytes of all kinds make no bundle, delta, record or LZ4 block trap", arguments: 1...20)
    func anything(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let base = Samples.bytes(500, &random)
        var target = base
        target[100] &+= 1
        let delta = BinaryDelta.encode(from: base, to: target)
        let block = LZ4Block.compress(Array(repeating: 3, count: 300) + base)
        let record = ObjectRecord(base, .blob).encoded(as: ObjectID(of: base, .blob))
        for _ in 0..<300 {
            var bytes = [delta, block, record, Samples.bytes(60, &random)].randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            var content = base
            _ = BinaryDelta(bytes)?.apply(to: &content, length: Int.random(in: 0...2000, using: &random))
            _ = LZ4Block.decompress(bytes[...], length: Int.random(in: 0...2000, using: &random))
            _ = ObjectRecord(bytes)?.apply(to: &content)
            _ = ModelCommit(bytes)
            _ = ModelTree(bytes)
            _ = try? Self.take(BundleHeader.magic + [0, 0, 0, 1] + bytes, try Samples.repository())
        }
    }

    @Test("LZ4 and deltas give back what went in", arguments: 1...20) func roundTrips(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            let count = Int.random(in: 0...3000, using: &random)
            let alphabet = UInt8.random(in: 0...255, using: &random)
            let base = (0..<count).map { _ in UInt8.random(in: 0...alphabet, using: &random) }
            #expect(LZ4Block.decompress(LZ4Block.compress(base)[...], length: count) == base, "seed \(seed)")
            var target = base
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                let place = Int.random(in: 0...target.count, using: &random)
                let run = Samples.bytes(Int.random(in: 0...50, using: &random), &random)
                let end = min(target.count, place + Int.random(in: 0...60, using: &random))
                target.replaceSubrange(place..<end, with: run)
            }
            let delta = BinaryDelta(BinaryDelta.encode(from: base, to: target))
            var made = base
            #expect(delta?.apply(to: &made, length: target.count) == true, "seed \(seed)")
            #expect(made == target, "seed \(seed)")
        }
    }
}
