import Configuration
import Orchestration
import SharedMemory
import Synchronization
import Telemetry
import Transports

/// Who is attached to the gateway's region: the learner, Python programs, and those who only read.
///
/// Called from event loops and from the descriptors' thread.
final class RegionMembers: AttachProvider {
    private struct Member {
        var peer: AttachPeer
        var index: Int
        var handed: HandedSegment?
    }

    private struct State {
        var learner: Member?
        var workers: [Member] = []
        /// The segment of a learner in this process.
        var inlineLearner: Segment?
        /// What the region's directory holds, where processes attach by path.
        var found = RegionDirectory.Found()
    }

    private let core: Segment
    private let sizes: RegionSizes
    private let takesLearner: Bool
    private let log: Log
    private let state = Mutex(State())
    /// Told when somebody with a segment came or went.
    private let changed = Mutex<(@Sendable () -> Void)?>(nil)

    init(core: Segment, sizes: RegionSizes, takesLearner: Bool, log: Log) {
        self.core = core
        self.sizes = sizes
        self.takesLearner = takesLearner
        self.log = log
    }

    func onChange(_ body: @escaping @Sendable () -> Void) { changed.withLock { $0 = body } }

    /// The learner's process and its segment, once it is attached.
    var learner: (processID: Int32, segment: AttachedSegment)? {
        state.withLock { state in
            if let segment = state.found.learner {
                return (Int32(truncatingIfNeeded: segment.header.owner.processID), segment)
            }
            guard let member = state.learner, let handed = member.handed else { return nil }
            return (member.peer.processID, handed.segment)
        }
    }

    var workers: [AttachedSegment] {
        state.withLock { state in state.workers.compactMap { $0.handed?.segment } + state.found.workers }
    }

    /// Takes note of what the region's directory holds now.
    func found(_ found: RegionDirectory.Found) {
        let isNews = state.withLock { state in
            defer { state.found = found }
            return state.found.generations != found.generations
        }
        if isNews { changed.withLock { $0 }?() }
    }

    /// Lets others read the segment of a learner in this process.
    func adopt(_ segment: Segment) { state.withLock { $0.inlineLearner = segment } }

    // MARK: Coming and going

    var generation: UInt64 { core.generation }

    func grant(_ request: AttachRequest, to peer: AttachPeer) -> Result<AttachGrant, AttachRefusal> {
        state.withLock { state in
            switch request.role {
            case .learner: grantLearner(peer, &state)
            case .worker: grantWorker(peer, &state)
            case .viewer: .failure(AttachRefusal(.badRequest, "a viewer has no segment"))
            }
        }
    }

    private func grantLearner(_ peer: AttachPeer, _ state: inout State) -> Result<AttachGrant, AttachRefusal>
    {
        guard takesLearner else {
            return .failure(AttachRefusal(.unavailable, "this gateway learns in its own process"))
        }
        guard state.learner == nil else {
            return .failure(AttachRefusal(.nameTaken, "a learner is attached already"))
        }
        guard peer.name == LearnerSegment.name else {
            return .failure(AttachRefusal(.badRequest, "a learner's name is \(LearnerSegment.name)"))
        }
        state.learner = Member(peer: peer, index: 0)
        return .success(
            AttachGrant(
                segmentBytes: UInt64(sizes.learnerSegmentBytes),
                laneBytes: sizes.learnerLaneBytes.map { UInt64($0) },
                tableBytes: UInt64(sizes.learnerTableBytes), index: 0))
    }

    private func grantWorker(_ peer: AttachPeer, _ state: inout State) -> Result<AttachGrant, AttachRefusal> {
        guard !state.workers.contains(where: { $0.peer.name == peer.name }) else {
            return .failure(AttachRefusal(.nameTaken, "a worker of the name \(peer.name) is attached"))
        }
        let taken = Set(state.workers.map(\.index))
        guard let index = (0..<RegionSizes.maxWorkers).first(where: { !taken.contains($0) }) else {
            let most = RegionSizes.maxWorkers
            return .failure(AttachRefusal(.tooMany, "\(most) workers are attached, as many as may be"))
        }
        state.workers.append(Member(peer: peer, index: index))
        return .success(
            AttachGrant(
                segmentBytes: UInt64(sizes.workerSegmentBytes),
                laneBytes: sizes.workerLaneBytes.map { UInt64($0) }, tableBytes: 0, index: index))
    }

    func attached(_ peer: AttachPeer, _ handed: HandedSegment?) -> AttachRefusal? {
        guard let handed else { return nil }
        state.withLock { state in
            if state.learner?.peer.id == peer.id { state.learner?.handed = handed }
            for index in state.workers.indices where state.workers[index].peer.id == peer.id {
                state.workers[index].handed = handed
            }
        }
        log.info("attached", Self.fields(peer))
        changed.withLock { $0 }?()
        return nil
    }

    func segments(for peer: AttachPeer) -> [OfferedSegment] {
        state.withLock { state in
            var offered: [OfferedSegment] = []
            if let core = try? OfferedSegment(core) { offered.append(core) }
            if let own = state.inlineLearner, let learner = try? OfferedSegment(own) {
                offered.append(learner)
            }
            for member in [state.learner].compactMap({ $0 }) + state.workers where member.peer.id != peer.id {
                if let handed = member.handed { offered.append(handed.offered(index: member.index)) }
            }
            return offered
        }
    }

    func ended(_ peer: AttachPeer) {
        let wasAttached = state.withLock { state in
            defer {
                if state.learner?.peer.id == peer.id { state.learner = nil }
                state.workers.removeAll { $0.peer.id == peer.id }
            }
            return ([state.learner].compactMap { $0 } + state.workers)
                .contains { $0.peer.id == peer.id && $0.handed != nil }
        }
        guard wasAttached else { return }
        log.info("detached", Self.fields(peer))
        changed.withLock { $0 }?()
    }

    func turnedAway(_ reason: AttachTurnedAway) {
        log.warn("a process was not let attach", ["reason": .string("\(reason)")])
    }

    private static func fields(_ peer: AttachPeer) -> LogFields {
        [
            "role": .string(peer.role.rawValue), "name": .string(peer.name),
            "pid": .integer(peer.processID),
        ]
    }
}
