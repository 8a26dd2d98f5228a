import Schemas
import Storage
import TestSupport

@testable import ModelHistory

/// What the tests of the history commit.
enum Samples {
    static let model = ModelName("learner")!
    static let kind = ModelName("attune.test")!

    static func repository(_ backing: Backing = .memory) throws -> ModelRepository {
        ModelRepository(try backing.store())
    }

    static func metadata(_ message: String, at microseconds: UInt64 = 1) -> CommitMetadata {
        CommitMetadata(
            author: "learner", message: message, microseconds: microseconds,
            window: TrainingWindow(from: 10, to: 20), seed: 7, codeVersion: "0.1",
            metrics: ["accuracy": 0.5, "loss": 0.25])
    }

    static func act(_ microseconds: UInt64 = 1) -> Act {
        Act(author: "tester", microseconds: microseconds)
    }

    static func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    static func store(_ repository: ModelRepository) -> any OrderedStore { repository.store }
}

extension ModelRepository {
    /// Commits some parts of the samples' model.
    @discardableResult func save(
        _ parts: [String: [UInt8]], _ message: String = "a version", at microseconds: UInt64 = 1
    ) throws -> ObjectID {
        try commit(
            model: Samples.model, kind: Samples.kind, parts: parts,
            metadata: Samples.metadata(message, at: microseconds))
    }
}
