import Storage
import TestSupport
import Testing

@testable import ModelHistory

@Suite("Commits") struct CommitTests {
    @Test("A version is read as it was committed, after the one before", arguments: Backing.allCases)
    func committed(backing: Backing) throws {
        let repository = try Samples.repository(backing)
        #expect(try repository.head(Samples.model) == nil)
        let first = try repository.save(["tools": [1, 2, 3], "counts": []], "the first")
        let second = try repository.save(["tools": [1, 2, 4], "counts": [9]], "the second\n\nmore")
        #expect(
            try repository.head(Samples.model)
                == HeadState(head: .branch(ModelName("main")!), commit: second))
        let read = try repository.read(second)
        #expect(read.parts == ["tools": [1, 2, 4], "counts": [9]])
        #expect(read.commit.parents == [first])
        #expect(read.commit.version == 1)
        #expect(read.commit.title == "the second")
        #expect(read.commit.window == TrainingWindow(from: 10, to: 20))
        let data = try repository.reader.data(of: read.commit)
        #expect(data.version == 1)
        #expect(data.metrics == ["accuracy": 0.5, "loss": 0.25])
        #expect(try repository.read(first).parts == ["tools": [1, 2, 3], "counts": []])
    }

    @Test("No commit has the last number there is, since its child would have none") func numbers() throws {
        let repository = try Samples.repository()
        try repository.save(["tools": [1]])
        var commit = try repository.read(try repository.save(["tools": [2]], at: 5)).commit
        commit.version = .max - 1
        #expect(ModelCommit(commit.encoded)?.version == UInt64.max - 1)
        commit.version = .max
        #expect(ModelCommit(commit.encoded) == nil)
    }

    /// The ids come from another program, which writes the bytes as they are documented.
    @Test("The same commits have the same ids everywhere", arguments: Backing.allCases)
    func golden(backing: Backing) throws {
        let repository = try Samples.repository(backing)
        let first = try repository.save(["tools": [1, 2, 3], "counts": [0]])
        let second = try repository.save(["tools": [1, 2, 4], "counts": [0]], at: 2)
        #expect(first.hex == "e0b570b9649ff034743ab8981a9dbbdd1d1597f4059668066e3651e9611fb519")
        #expect(second.hex == "82c1f355743ed2e1e59180013fb49c920b0d8f8b99fa515fd90e8081ea671b1a")
        #expect(
            ObjectID(of: [], .blob).hex == "96d5b2f5525bef171c703dbd869b38b322b860fc37618122eb92ab75fc81ce95")
    }

    @Test("A version as the schemas tell it names its parents in hexadecimal", arguments: Backing.allCases)
    func learningModel(backing: Backing) throws {
        let repository = try Samples.repository(backing)
        let first = try repository.save(["tools": [1]])
        let second = try repository.save(["tools": [2]], at: 5)
        let model = try repository.reader.learningModel(second)
        #expect(model.modelID == "learner")
        #expect(model.version == 1)
        #expect(model.createdAt == 5)
        #expect(model.parentVersions == [first.hex])
        #expect(model.performanceMetrics == ["accuracy": 0.5, "loss": 0.25])
        #expect(Array(model.modelData) == [0, 0, 0, 1, 0, 0, 0, 5] + Array("tools".utf8) + [0, 0, 0, 1, 2])
    }

    @Test("A commit that expects HEAD elsewhere is refused and changes nothing", arguments: Backing.allCases)
    func moved(backing: Backing) throws {
        let repository = try Samples.repository(backing)
        let first = try repository.save(["a": [1]])
        let second = try repository.save(["a": [2]])
        #expect(throws: HistoryError.moved(expected: first, found: second)) {
            try repository.commit(
                model: Samples.model, kind: Samples.kind, parts: ["a": [3]],
                metadata: Samples.metadata("late"), expecting: .at(first))
        }
        #expect(try repository.head(Samples.model)?.commit == second)
        #expect(try repository.reader.reflog(Samples.model, limit: 10).count == 2)
    }

    @Test("What is too large or has no name is refused", arguments: Backing.allCases)
    func refused(backing: Backing) throws {
        let repository = try Samples.repository(backing)
        #expect(throws: HistoryError.malformedName(.part, "a/b")) { try repository.save(["a/b": []]) }
        #expect(throws: HistoryError.malformedMetric("x")) {
            var metadata = Samples.metadata("a")
            metadata.metrics["x"] = .nan
            try repository.commit(
                model: Samples.model, kind: Samples.kind, parts: [:], metadata: metadata)
        }
        let long = String(repeating: "x", count: ModelLimits.messageBytes + 1)
        #expect(
            throws: HistoryError.tooLarge(
                .messageBytes, found: ModelLimits.messageBytes + 1, limit: ModelLimits.messageBytes)
        ) { try repository.save([:], long) }
        #expect(try repository.reader.models().isEmpty)
    }

    @Test(
        "Four hundred versions, each a little different, are read as they were", arguments: Backing.allCases)
    func many(backing: Backing) throws {
        var random = SeededGenerator(seed: 11)
        let store = try backing.store()
        let repository = ModelRepository(store)
        var model = Samples.bytes(4000, &random)
        var written: [(id: ObjectID, model: [UInt8])] = []
        for _ in 0..<400 {
            for _ in 0..<4 { model[Int.random(in: 0..<model.count, using: &random)] &+= 1 }
            if Bool.random(using: &random) {
                model.insert(7, at: Int.random(in: 0..<model.count, using: &random))
            }
            written.append((try repository.save(["model": model]), model))
        }
        let cold = ModelReader(store, cacheBytes: 0)
        for (id, model) in written { #expect(try cold.read(id).parts == ["model": model]) }
    }
}
