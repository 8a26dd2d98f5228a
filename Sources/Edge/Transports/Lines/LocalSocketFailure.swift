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
