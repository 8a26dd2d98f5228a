import Foundation
import SharedMemory

/// A directory of segments, where the processes of a region find each other by path: `core.segment`,
/// `learner.segment`, `worker-N.segment`.
package struct RegionDirectory: Sendable {
    /// The segments whose owners work.
    package struct Found: Sendable {
        package var core: AttachedSegment?
        package var learner: AttachedSegment?
        package var workers: [AttachedSegment] = []

        package init() {}

        var generations: [UInt64] {
            ([core, learner] + workers).compactMap { $0?.header.generation }
        }
    }

    /// How often it is looked at: files have no connection that breaks.
    package static let period = Duration.milliseconds(500)
    /// An owner that has said nothing for so long is gone, or stopped.
    static let patience: UInt64 = 3_000_000_000
    private static let mostWorkers = 8

    package let path: String

    package init(path: String) { self.path = path }

    /// Looks at the files, maps those whose owners work, and lets go of the others.
    ///
    /// - Parameter earlier: what was found before; a segment that is still the same stays mapped.
    package func look(_ earlier: Found = Found()) -> Found {
        var found = Found()
        found.core = segment("core", .core, earlier.core)
        found.learner = segment("learner", .learner, earlier.learner)
        found.workers = (0..<Self.mostWorkers).compactMap { number in
            let name = "worker-\(number)"
            return segment(name, .worker, earlier.workers.first { $0.header.name == name })
        }
        return found
    }

    private func segment(_ name: String, _ kind: SegmentKind, _ earlier: AttachedSegment?) -> AttachedSegment?
    {
        guard FileManager.default.fileExists(atPath: "\(path)/\(name).segment"),
            let segment = try? AttachedSegment.file("\(path)/\(name).segment"), segment.header.kind == kind,
            segment.header.boot == BootIdentity.current(), segment.isWorked
        else { return nil }
        return earlier?.header.generation == segment.header.generation ? earlier : segment
    }
}

extension AttachedSegment {
    /// Whether the owner has not retired it and has said lately that it lives.
    var isWorked: Bool {
        let now = SharedClock.monotonicNanoseconds()
        let heartbeat = self.heartbeat
        return state == .live && (heartbeat >= now || now - heartbeat < RegionDirectory.patience)
    }
}
