/// Why a request did not get to the process that has the models open, or its answer not back.
package enum ModelLinkFault: Error, Equatable, Sendable {
    /// Nobody listens at the path.
    case absent(path: String)
    case pathTooLong(path: String)
    case system(call: String, errno: Int32)
    /// The other end has gone.
    case ended
    /// It said nothing for too long.
    case timedOut
    /// A frame is longer than one may be, or no JSON object.
    case malformed
}

extension ModelLinkFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .absent(let path): "nobody listens at \(path)"
        case .pathTooLong(let path): "the socket's path \(path) is too long"
        case .system(let call, let number): "\(call) failed with error \(number) of the system"
        case .ended: "the other process has ended the connection"
        case .timedOut: "the other process said nothing for too long"
        case .malformed: "the other process sent something else than was expected"
        }
    }
}
