import SharedMemory
import Synchronization
import Transports

/// Connects the two sockets of attaching with the table of who is attached.
final class AttachDesk: AttachHost {
    private struct State {
        var table = AttachmentTable()
        var random = SystemRandomNumberGenerator()
        var listener: AttachListener?
    }

    private let provider: any AttachProvider
    private let descriptorsName: String
    private let state = Mutex(State())

    init(_ provider: any AttachProvider, descriptorsName: String) {
        self.provider = provider
        self.descriptorsName = descriptorsName
    }

    func tell(through listener: AttachListener) { state.withLock { $0.listener = listener } }

    var attached: [AttachPeer] { state.withLock { $0.table.attached } }

    private static var now: Duration { .nanoseconds(Int64(clamping: SharedClock.monotonicNanoseconds())) }

    // MARK: The control socket

    func requested(_ request: AttachRequest, by peer: AttachPeer) -> Result<AttachOffer, AttachRefusal> {
        // What it hands out is of the version that is written, whatever it can read itself.
        guard request.layouts.contains(SegmentLayout.version) else {
            return .failure(
                AttachRefusal(
                    .layoutUnsupported, "the gateway writes layout version \(SegmentLayout.version)"))
        }
        var grant: AttachGrant?
        if request.role != .viewer {
            switch provider.grant(request, to: peer) {
            case .success(let given): grant = given
            case .failure(let refusal): return .failure(refusal)
            }
        }
        let (token, lifetime) = state.withLock { state in
            (
                state.table.offer(peer, grant, at: Self.now, using: &state.random), state.table.lifetime
            )
        }
        guard let token else {
            if grant != nil { provider.ended(peer) }
            return .failure(AttachRefusal(.tooMany, "too many are attaching at once"))
        }
        return .success(
            AttachOffer(
                token: token, expiresMilliseconds: Int(lifetime / .milliseconds(1)), grant: grant,
                generation: provider.generation, descriptors: descriptorsName))
    }

    func refreshed(_ peer: AttachPeer) -> String? {
        state.withLock { $0.table.renew(peer.id, at: Self.now, using: &$0.random) }
    }

    func closed(_ peer: AttachPeer) {
        let (isDue, wasAttached) = state.withLock { $0.table.close(peer.id) }
        if isDue { end(peer, wasAttached: wasAttached) }
    }

    func turnedAway(_ reason: AttachTurnedAway) { provider.turnedAway(reason) }

    // MARK: The descriptors' socket

    /// On the descriptors' thread.
    func answer(_ request: DescriptorRequest) -> DescriptorMessage {
        let (redemption, listener) = state.withLock { state in
            (state.table.redeem(request.token, at: Self.now), state.listener)
        }
        switch redemption {
        case nil:
            let refusal = AttachRefusal(.badToken, "the token was used, has expired or was never given out")
            provider.turnedAway(.refused(refusal, processID: request.processID))
            return DescriptorMessage(bytes: SegmentManifest(error: refusal).text)
        case .fetch(let peer): return segments(for: peer)
        case .handOver(let peer, let grant):
            if let refusal = take(request.descriptor, of: peer, grant) {
                let isOpen = state.withLock { $0.table.refuse(peer.id) }
                if isOpen { listener?.drop(peer.id) } else { end(peer, wasAttached: false) }
                provider.turnedAway(.refused(refusal, processID: peer.processID))
                return DescriptorMessage(bytes: SegmentManifest(error: refusal).text)
            }
            guard state.withLock({ $0.table.settle(peer.id) }) else {
                end(peer, wasAttached: true)
                let refusal = AttachRefusal(.badToken, "the control connection is closed")
                return DescriptorMessage(bytes: SegmentManifest(error: refusal).text)
            }
            listener?.confirm(peer.id)
            if peer.role != .viewer { announce(except: peer.id) }
            return segments(for: peer)
        }
    }

    /// - Returns: why the client is refused, else nil.
    private func take(
        _ descriptor: SharedDescriptor?, of peer: AttachPeer, _ grant: AttachGrant?
    ) -> AttachRefusal? {
        guard let grant else { return provider.attached(peer, nil) }
        guard let descriptor else {
            return AttachRefusal(.badSegment, "no descriptor came with the token")
        }
        let segment: AttachedSegment
        do {
            segment = try AttachedSegment.anonymous(descriptor.duplicate())
        } catch let fault as SegmentError {
            return AttachRefusal(.badSegment, "\(fault)")
        } catch {
            return AttachRefusal(.badSegment, "\(error)")
        }
        guard segment.bytes == grant.segmentBytes else {
            return AttachRefusal(
                .badSegment, "the segment has \(segment.bytes) bytes, \(grant.segmentBytes) were granted")
        }
        guard segment.header.kind.text == peer.role.rawValue, segment.header.name == peer.name else {
            return AttachRefusal(.badSegment, "the segment is not the one of \(peer.role) \(peer.name)")
        }
        return provider.attached(peer, HandedSegment(segment: segment, descriptor: descriptor))
    }

    private func segments(for peer: AttachPeer) -> DescriptorMessage {
        let segments = Array(provider.segments(for: peer).prefix(AttachServer.maxSegments))
        return DescriptorMessage(
            bytes: SegmentManifest(segments).text, descriptors: segments.map(\.descriptor))
    }

    // MARK: Coming and going

    func announce(except own: AttachPeer.ID?) {
        let (tokens, listener) = state.withLock { state in
            (state.table.announce(except: own, at: Self.now, using: &state.random), state.listener)
        }
        for (peer, token) in tokens { listener?.tell(peer, .segmentsChanged(token: token)) }
    }

    private func end(_ peer: AttachPeer, wasAttached: Bool) {
        provider.ended(peer)
        if wasAttached, peer.role != .viewer { announce(except: peer.id) }
    }
}
