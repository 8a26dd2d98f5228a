import Transports

/// What happens to a client's attachment.
package enum AttachEvent: Sendable {
    /// It is attached, for the first time or again; the generation is that of the gateway's segment.
    case attached(AttachOffer, ReceivedSegments)
    /// A segment came or went.
    case segmentsChanged(ReceivedSegments)
    /// It is not attached; another attempt follows by itself after the pause.
    case lost(AttachFault, retryAfter: Duration)
}
