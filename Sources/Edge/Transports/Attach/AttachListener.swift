import NIOCore
import NIOPosix

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Listens on a Unix socket for processes that attach to the gateway: the learner, workers, viewers.
///
/// Both sides show a certificate, and the process has to be of the gateway's own user. What is said is one
/// JSON object a line (`AttachLine`). The connection is the attachment's lifetime: when it closes, the client
/// is gone. The socket has mode 0600.
package final class AttachListener: Sendable {
    private static let backlog: Int32 = 16

    package let path: String
    private let channel: any Channel
    private let lobby: NIOLoopBoundBox<AttachLobby>
    private let eventLoop: any EventLoop

    private init(_ path: String, _ channel: any Channel, _ lobby: NIOLoopBoundBox<AttachLobby>) {
        self.path = path
        self.channel = channel
        self.lobby = lobby
        eventLoop = channel.eventLoop
    }

    /// Makes the directory if it is missing (one that others may write to is refused), removes a socket that
    /// nobody answers on, and listens.
    ///
    /// - Parameters:
    ///   - names: the names for each role, of which a client's certificate has to have one.
    ///   - loops: the first one serves all clients.
    /// - Throws: `LocalSocketFailure`, or NIO's `IOError` with the errno of `bind`.
    package static func bind(
        path: String, on loops: EventLoops, tls: MutualTLS, names: [AttachRole: Set<String>],
        limits: AttachLimits = AttachLimits(), host: any AttachHost
    ) async throws -> AttachListener {
        try LocalSocketPlace.prepareDirectory(of: path)
        try await LocalSocketPlace.clear(path, loops)
        let eventLoop = loops.all[0].eventLoop
        let lobby = try await eventLoop.submit {
            NIOLoopBoundBox(AttachLobby(tls, names, limits, host, eventLoop), eventLoop: eventLoop)
        }.get()
        let channel = try await ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: backlog)
            .childChannelInitializer { channel in
                PeerCredentials.of(channel).flatMapThrowing { credentials in
                    try lobby.value.accept(channel, credentials)
                }
            }
            .bind(unixDomainSocketPath: path).get()
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return AttachListener(path, channel, lobby)
    }

    /// Says that a client has its descriptors; without it the connection is closed after a while.
    package func confirm(_ peer: AttachPeer.ID) {
        eventLoop.execute { [lobby] in lobby.value[peer]?.confirm() }
    }

    /// Tells a client something; one that has left too much unread is closed instead.
    package func tell(_ peer: AttachPeer.ID, _ notice: AttachNotice) {
        eventLoop.execute { [lobby] in lobby.value[peer]?.tell(notice) }
    }

    package func drop(_ peer: AttachPeer.ID) {
        eventLoop.execute { [lobby] in lobby.value[peer]?.close() }
    }

    /// Connections, attached or not.
    package var connectionCount: Int {
        get async { (try? await eventLoop.submit { [lobby] in lobby.value.count }.get()) ?? 0 }
    }

    /// Stops listening, closes all clients and removes the socket.
    package func close() async {
        try? await channel.close()
        try? await eventLoop.submit { [lobby] in lobby.value.close() }.get()
        try? FileManager.default.removeItem(atPath: path)
    }
}
