import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A TCP server that answers each request head, or whole small request, with bytes as they are.
final class RawServer: Sendable {
    enum Step: Sendable {
        case send(String)
        /// Closes once everything is sent: what waits for a slow reader would be lost otherwise.
        case close
    }

    let port: Int
    private let channel: any Channel
    private let counts: Counts

    final class Counts: Sendable {
        let connections = Mutex(0)
        let requests = Mutex<[String]>([])
        let closed = Mutex(0)
    }

    private init(_ channel: any Channel, _ counts: Counts) {
        self.channel = channel
        self.counts = counts
        port = channel.localAddress?.port ?? 0
    }

    var connections: Int { counts.connections.withLock { $0 } }
    var closed: Int { counts.closed.withLock { $0 } }
    var requests: [String] { counts.requests.withLock { $0 } }

    /// - Parameters:
    ///   - tls: the settings of a server that speaks TLS.
    ///   - greeting: what to do for the first bytes of a connection, whatever they are.
    ///   - script: what to do for the n-th request of all, from 0.
    static func start(
        tls: TLSConfiguration? = nil, greeting: [Step] = [], _ script: @escaping @Sendable (Int) -> [Step]
    ) async throws -> RawServer {
        let counts = Counts()
        let settings = try tls.map { try NIOSSLContext(configuration: $0) }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let settings {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: settings))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptedAnswers(counts, greeting, script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return RawServer(channel, counts)
    }

    func stop() async { try? await channel.close() }
}

private final class ScriptedAnswers: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let counts: RawServer.Counts
    private let script: @Sendable (Int) -> [RawServer.Step]
    private var greeting: [RawServer.Step]
    private var text = ""

    init(
        _ counts: RawServer.Counts, _ greeting: [RawServer.Step],
        _ script: @escaping @Sendable (Int) -> [RawServer.Step]
    ) {
        self.counts = counts
        self.greeting = greeting
        self.script = script
    }

    func channelActive(context: ChannelHandlerContext) { counts.connections.withLock { $0 += 1 } }
    func channelInactive(context: ChannelHandlerContext) { counts.closed.withLock { $0 += 1 } }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !greeting.isEmpty {
            perform(greeting, context)
            greeting = []
        }
        text += String(buffer: unwrapInboundIn(data))
        guard let end = text.firstRange(of: "\r\n\r\n") else { return }
        let length = text.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }.flatMap {
            Int($0.dropFirst(16))
        }
        guard text[end.upperBound...].utf8.count >= length ?? 0 else { return }
        let request = text
        text = ""
        let number = counts.requests.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        perform(script(number), context)
    }

    private func perform(_ steps: [RawServer.Step], _ context: ChannelHandlerContext) {
        let channel = context.channel
        var sent = context.eventLoop.makeSucceededVoidFuture()
        for step in steps {
            switch step {
            case .send(let bytes): sent = channel.writeAndFlush(ByteBuffer(string: bytes))
            case .close: sent.whenComplete { _ in channel.close(promise: nil) }
            }
        }
    }
}
