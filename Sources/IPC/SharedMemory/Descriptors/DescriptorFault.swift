/// Why descriptors did not change hands.
package enum DescriptorFault: Error, Equatable, Sendable {
    package enum Call: String, Sendable {
        case listen, connect, send, receive, duplicate, describe
        case startThread = "start a thread"
        case forbidDumps = "forbid core dumps"
    }

    case system(Call, errno: Int32)
    /// Another process answers at the path.
    case inUse(path: String)
    /// Something that is not a stale socket has the name.
    case notASocket(path: String)
    /// The process at the other end belongs to another user.
    case otherUser(UInt32)
    /// The peer closed before everything was there.
    case closed
    case timedOut
    case messageTooLong(bytes: Int)
    /// More or fewer descriptors came than the message announces, or more than one message may carry.
    case wrongCount(expected: Int, received: Int)
}

extension DescriptorFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let call, let errno): "the system refused to \(call.rawValue) (errno \(errno))"
        case .inUse(let path): "another process answers at \(path)"
        case .notASocket(let path): "\(path) is not a socket"
        case .otherUser(let user): "the process at the other end belongs to user \(user)"
        case .closed: "the connection was closed early"
        case .timedOut: "the other end took too long"
        case .messageTooLong(let bytes): "a message of \(bytes) bytes is too long"
        case .wrongCount(let expected, let received):
            "\(received) descriptors came where \(expected) were due"
        }
    }
}
