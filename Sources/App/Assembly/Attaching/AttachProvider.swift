import Transports

/// What the gateway has to say about who attaches: grants, and the segments there are.
///
/// For each client the order is `grant`, perhaps `attached`, and `ended` last. The calls come from an event
/// loop and from the descriptors' thread: they may take locks, not wait.
package protocol AttachProvider: Sendable {
    /// Of the core's segment.
    var generation: UInt64 { get }
    /// The sizes of the segment that the client is to make, or why it may not attach. Not asked for viewers.
    func grant(_ request: AttachRequest, to peer: AttachPeer) -> Result<AttachGrant, AttachRefusal>
    /// The client's segment is there; nil for a viewer.
    ///
    /// - Returns: nil, or why the client is refused nevertheless.
    func attached(_ peer: AttachPeer, _ handed: HandedSegment?) -> AttachRefusal?
    /// What the client may read, at most `AttachServer.maxSegments`; its own segment is not among it.
    func segments(for peer: AttachPeer) -> [OfferedSegment]
    /// The client is gone. Called once for each that was granted something or is a viewer with an offer.
    func ended(_ peer: AttachPeer)
    func turnedAway(_ reason: AttachTurnedAway)
}
