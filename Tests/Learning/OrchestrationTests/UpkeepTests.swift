import Foundation
import ModelHistory
import Storage
import Testing

@testable import Orchestration

@Suite("Old versions of the learner") struct UpkeepTests {
    @Test("go as it makes new ones, and their space with them") func thinned() throws {
        let repository = ModelRepository(try MemoryStore(families: ModelRepository.families))
        let now = UInt64(Date().timeIntervalSince1970 * 1_000_000)
        let (minute, day) = (UInt64(60_000_000), UInt64(86_400_000_000))
        for step in 0..<UInt64(96) {
            try repository.commit(
                model: LearnerVersion.model, kind: LearnerVersion.kind, parts: ["counts": [UInt8(step)]],
                metadata: CommitMetadata(
                    author: LearnerVersion.author, message: "old",
                    microseconds: now - 10 * day + step * 30 * minute))
        }
        let base = try repository.head(LearnerVersion.model)?.commit
        let retention = Retention(author: LearnerVersion.author, days: 365)
        let archivist = Archivist(repository, journal: nil, retention: retention)
        let draft = Archivist.Draft(
            parts: ["counts": [1]], calls: 1, errors: 0, tools: 1, window: TrainingWindow(from: 0, to: 0))
        archivist.commit(draft, after: base)
        // The looking after comes behind the version, so it takes two turns.
        archivist.finish(within: .seconds(60))
        archivist.finish(within: .seconds(60))
        #expect(archivist.upkeepFault.isEmpty)
        var log = try repository.reader.log(
            from: [try repository.reader.resolve("HEAD", of: LearnerVersion.model)])
        var versions: [UInt64] = []
        while let (_, commit) = try log.next() { versions.append(commit.version) }
        // The new one, the one before it, and the last one of each of two or three days.
        #expect((4...6).contains(versions.count), "\(versions)")
        #expect(versions.first == 96)
        let report = try repository.reader.fsck()
        #expect(report.isSound && report.unreachable == 0, "\(report.findings)")
    }
}
