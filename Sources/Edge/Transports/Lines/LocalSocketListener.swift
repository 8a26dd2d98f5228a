import NIOCore
import NIOPosix
import Sessions

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Listens on a Unix socket for stdio clients that come through `attune connect`.
///
/// A client first sends one line, `attune/1 <path>`, and then JSON lines both ways. Only the owner's
/// processes can connect: the socket has mode 0600, and a directory made for it 0700.
package final class LocalSocketListener: Sendable {
    package static let greeting = "attune/1 "

    package let path: String
    private let channel: any Channel
    private let gauge: ConnectionGauge

    private init(_ path: String, _ channel: any Channel, _ gauge: ConnectionGauge) {
        self.path = path
        self.channel = channel
        self.gauge = gauge
    }

    package var connectionCount: Int { gauge.openCount }

    /// Makes the directory if it is missing (one that others may write to is refused), removes a socket that
    /// nobody answers on, and listens.
    ///
    /// - Parameter front: makes the front of one loop; called once a loop, on it.
    /// - Throws: `LocalSocketFailure`, or NIO's `IOError` with the errno of `bind`.
    package static func bind(
        path: String, on loops: EventLoops, limits: LineLimits = LineLimits(),
        front: @escaping @Sendable (any Loop) -> any LineFront
    ) async throws -> LocalSocketListener {
        try LocalSocketPlace.prepareDirectory(of: path)
        try await LocalSocketPlace.clear(path, loops)
        var fronts: [NIOLoopBoundBox<any LineFront>] = []
        for loop in loops.all {
            fronts.append(
                try await loop.eventLoop.submit { NIOLoopBoundBox(front(loop), eventLoop: loop.eventLoop) }
                    .get())
        }
        let accepting = fronts
        let gauge = ConnectionGauge(limit: .max)
        let channel = try await ServerBootstrap(group: loops.group)
            .serverChannelOption(ChannelOptions.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try accept(channel, loops, limits, accepting)
                    _ = gauge.open()
                    channel.closeFuture.whenComplete { _ in gauge.close() }
                }
            }
            .bind(unixDomainSocketPath: path).get()
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return LocalSocketListener(path, channel, gauge)
    }

    private static func accept(
        _ channel: any Channel, _ loops: EventLoops, _ limits: LineLimits,
        _ fronts: [NIOLoopBoundBox<any LineFront>]
    ) throws {
        guard let loop = loops.loop(of: channel.eventLoop) else {
            preconditionFailure("a channel runs on a loop of its group")
        }
        let front = fronts[loop.index].value
        let connection = LineConnection(loop, limits) { connection, line in
            let text = String(decoding: line, as: UTF8.self)
            guard text.hasPrefix(greeting) else { return nil }
            return front.connected(connection, path: String(text.dropFirst(greeting.count)))
        }
        try connection.attach(to: channel, outlivesInput: true)
    }

    /// Stops listening and removes the socket; clients that are connected stay.
    package func close() async {
        try? await channel.close()
        try? FileManager.default.removeItem(atPath: path)
    }
}
