import Foundation
import Orchestration
import SharedMemory

/// The learner on a thread of the gateway's own process.
final class InlineLearner: Sendable {
    let own: LearnerSegment
    /// The same segment as others read it.
    let attached: AttachedSegment
    private let loop: LearnerLoop
    private let archive: LearnerArchive
    private let ended: AsyncStream<Never>

    init(
        _ sizes: LearnerSizes, core: Segment, modelBytes: Int, patterns: PatternSettings,
        archive: LearnerArchive, updateInterval: Duration
    ) throws {
        own = try LearnerSegment(sizes)
        attached = try Self.attached(own.segment)
        let loop = try LearnerLoop(
            own, core: try Self.attached(core), archivist: archive.archivist(), interval: updateInterval,
            modelBytes: modelBytes, patterns: patterns, limits: "inline",
            readings: LearnerProgram.readings)
        self.loop = loop
        self.archive = archive
        archive.start()
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        ended = stream
        Thread.detachNewThread {
            loop.run()
            continuation.finish()
        }
    }

    private static func attached(_ segment: Segment) throws -> AttachedSegment {
        try AttachedSegment.anonymous(SharedDescriptor(duplicating: segment.descriptor).duplicate())
    }

    func attend(to workers: [AttachedSegment]) { loop.attend(to: workers) }

    func stop() async {
        loop.stop()
        for await _ in ended {}
        archive.stop()
    }
}
