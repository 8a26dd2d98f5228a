/// Decides on behalf of the gateway who may attach. Called on an event loop: it may take locks, not wait.
package protocol AttachHost: Sendable {
    /// A client whose certificate allows its role asks to attach.
    func requested(_ request: AttachRequest, by peer: AttachPeer) -> Result<AttachOffer, AttachRefusal>
    /// A client wants to fetch the descriptors again; nil closes its connection.
    func refreshed(_ peer: AttachPeer) -> String?
    /// The connection of a client that was made an offer is closed; called once for each.
    func closed(_ peer: AttachPeer)
    /// A client was turned away, by this or by the host itself.
    func turnedAway(_ reason: AttachTurnedAway)
}
