import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Who has the other end of a Unix socket: `struct ucred` of unix(7), which Glibc's module lacks.
struct PeerCredentials: Sendable {
    /// 0 where the process can't be seen from this one's namespace.
    var processID: Int32 = 0
    var user: UInt32 = .max
    var group: UInt32 = .max

    var isOwnUser: Bool { user == geteuid() }

    /// - Parameter channel: a stream channel of a Unix socket.
    static func of(_ channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        #if os(Linux)
            guard let provider = channel as? any SocketOptionProvider else {
                return channel.eventLoop.makeSucceededFuture(PeerCredentials())
            }
            // The kernel fills three 32-bit integers, which is what the structure consists of.
            return provider.unsafeGetSocketOption(
                level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        #else
            return channel.eventLoop.makeSucceededFuture(PeerCredentials())
        #endif
    }
}
