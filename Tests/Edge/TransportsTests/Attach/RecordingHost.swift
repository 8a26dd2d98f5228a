import Synchronization

@testable import Transports

/// Takes every request, and remembers what it was told.
final class RecordingHost: AttachHost {
    struct Told: Sendable {
        var requests: [AttachRequest] = []
        var peers: [AttachPeer] = []
        var closed: [AttachPeer] = []
        var turnedAway: [AttachTurnedAway] = []
        var refusal: AttachRefusal?
    }

    private let state = Mutex(Told())

    var told: Told { state.withLock { $0 } }

    /// The codes with which clients were refused.
    var codes: [AttachRefusal.Code] {
        told.turnedAway.compactMap { if case .refused(let refusal, _) = $0 { refusal.code } else { nil } }
    }

    func refuse(_ refusal: AttachRefusal?) { state.withLock { $0.refusal = refusal } }

    static func offer(_ peer: AttachPeer) -> AttachOffer {
        AttachOffer(
            token: String(repeating: "ab", count: 32), expiresMilliseconds: 5000,
            grant: peer.role == .viewer
                ? nil : AttachGrant(segmentBytes: 8192, laneBytes: [1, 2, 3], tableBytes: 4, index: 5),
            generation: .max, descriptors: "attach.descriptors.sock")
    }

    func requested(_ request: AttachRequest, by peer: AttachPeer) -> Result<AttachOffer, AttachRefusal> {
        state.withLock { told in
            told.requests.append(request)
            if let refusal = told.refusal { return .failure(refusal) }
            told.peers.append(peer)
            return .success(Self.offer(peer))
        }
    }

    func refreshed(_ peer: AttachPeer) -> String? { "again-\(peer.name)" }

    func closed(_ peer: AttachPeer) { state.withLock { $0.closed.append(peer) } }

    func turnedAway(_ reason: AttachTurnedAway) { state.withLock { $0.turnedAway.append(reason) } }
}
