import NIOCore
import NIOPosix

/// A TCP client that sends and receives bytes as they are.
final class RawClient: Sendable {
    private let channel: any Channel
    private let inbound: AsyncStream<ByteBuffer>
    private let collected = LockedBytes()

    private init(_ channel: any Channel, _ inbound: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.inbound = inbound
    }

    /// - Parameter reads: false for a client that does not read until `startReading`.
    static func connect(_ port: Int, reads: Bool = true) async throws -> RawClient {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteCollector(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel, stream)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    func startReading() async throws {
        try await channel.setOption(ChannelOptions.autoRead, value: true).get()
    }

    func close() async {
        try? await channel.close()
    }

    /// Everything up to the end of the connection.
    func readToEnd() async -> String {
        for await buffer in inbound { collected.append(Array(buffer: buffer)) }
        return collected.text
    }

    /// Everything so far, as soon as `isEnough` says so or the connection ends.
    func read(until isEnough: (String) -> Bool) async -> String {
        if isEnough(collected.text) { return collected.text }
        for await buffer in inbound {
            collected.append(Array(buffer: buffer))
            if isEnough(collected.text) { break }
        }
        return collected.text
    }
}

private final class ByteCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(unwrapInboundIn(data))
    }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
}
