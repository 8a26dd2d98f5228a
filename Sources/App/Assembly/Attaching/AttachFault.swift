import SharedMemory
import Transports

/// Why a client is not attached, or not any more.
package enum AttachFault: Error, Sendable, Equatable {
    case connection(AttachFailure)
    case descriptors(DescriptorFault)
    case refused(AttachRefusal)
    /// The list of segments is none, or does not fit the descriptors beside it.
    case badManifest
    /// The own segment could not be made.
    case ownSegment(SegmentError)
}

extension AttachFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .connection(let failure): "\(failure)"
        case .descriptors(let fault): "the descriptors' socket failed: \(fault)"
        case .refused(let refusal): "the gateway refused: \(refusal.message) (\(refusal.code.rawValue))"
        case .badManifest: "the gateway's list of segments does not fit the descriptors beside it"
        case .ownSegment(let error): "\(error)"
        }
    }
}
