import Foundation
import Rings
import SharedMemory
import Testing

@testable import Orchestration

@Suite("The learner's loop") struct LearnerLoopTests {
    /// Runs a loop on a thread until `body` has returned.
    static func running(
        _ own: LearnerSegment, _ region: Region, file: CheckpointFile? = nil,
        _ body: (LearnerLoop) throws -> Void
    ) throws {
        let loop = try LearnerLoop(own, core: region.attached, file: file, limits: "none") {
            LearnerLoop.Readings(processorSeconds: 1.5, residentBytes: 7)
        }
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            loop.run()
            done.signal()
        }
        defer {
            loop.stop()
            done.wait()
        }
        try body(loop)
    }

    static func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<1000 {
            if try condition() { return true }
            usleep(10_000)
        }
        return false
    }

    @Test("Calls show up in the learner's table, with a heartbeat and a report") func calls() throws {
        let region = try Region()
        let own = try LearnerSegment.small()
        try Self.running(own, region) { _ in
            for _ in 0..<30 { region.call("t") }
            region.flush()
            let isCounted = try Self.eventually { try own.statistics("t")?.calls == 30 }
            #expect(isCounted)
            let isReported = try Self.eventually {
                let bytes = try own.view().value(LearnerKeys.report)?.bytes ?? []
                let report = LearnerReport(json: bytes)
                return report?.counts.records == 30 && report?.residentBytes == 7
                    && report?.limits == "none"
            }
            #expect(isReported)
        }
        let seen = try AttachedSegment.anonymous(dup(own.segment.descriptor))
        #expect(seen.state == .retired)
        #expect(seen.heartbeat > 0)
    }

    @Test("A stopped learner leaves a checkpoint from which the next one goes on") func checkpoint() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "attune-learner-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = CheckpointFile(path: directory.path + "/state")
        let region = try Region()
        try Self.running(try .small(), region, file: file) { _ in
            for _ in 0..<30 { region.call("t") }
            region.flush()
        }
        let saved = try #require(file.read())
        #expect(saved.positions.generation == region.segment.generation)
        let own = try LearnerSegment.small()
        try Self.running(own, region, file: file) { _ in
            region.call("t")
            region.flush()
            let isCounted = try Self.eventually { try own.statistics("t")?.calls == 31 }
            #expect(isCounted)
        }
        try Data("garbage".utf8).write(to: directory.appending(path: "state"))
        #expect(file.read() == nil)
    }
}
