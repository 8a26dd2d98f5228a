/// Why the local socket could not be opened.
package enum LocalSocketFailure: Error, Equatable, Sendable {
    /// A Unix socket's path has at most 107 bytes.
    case pathTooLong(String, bytes: Int)
    /// Another process answers on it.
    case inUse(String)
    case directoryNotUsable(String, reason: String)
    /// Something that is not a stale socket has the name.
    case notASocket(String)
}

extension LocalSocketFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .pathTooLong(let path, let bytes): "the path \(path) has \(bytes) bytes, a socket's at most 107"
        case .inUse(let path): "another process answers at \(path)"
        case .directoryNotUsable(let directory, let reason): "\(directory) cannot be used: \(reason)"
        case .notASocket(let path): "\(path) is not a socket"
        }
    }
}
