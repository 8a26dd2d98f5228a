import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends one request and hands on the parts of its answer.
final class HTTPFetchHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart
    typealias Parts = AsyncThrowingStream<HTTPClientResponsePart, any Error>.Continuation

    private let head: HTTPRequestHead
    private let body: [UInt8]
    private let timeout: Duration
    private let isStream: Bool
    private let parts: Parts
    private var deadline: Scheduled<Void>?

    init(_ head: HTTPRequestHead, _ body: [UInt8], timeout: Duration, isStream: Bool, parts: Parts) {
        self.head = head
        self.body = body
        self.timeout = timeout
        self.isStream = isStream
        self.parts = parts
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        parts.onTermination = { _ in channel.close(promise: nil) }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) { [self] in
            parts.finish(throwing: HTTPFetch.Failure.timedOut(timeout))
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if isStream, case .head = part { deadline?.cancel() }
        if case .dropped = parts.yield(part) {
            parts.finish(throwing: HTTPFetch.Failure.broken("the reader fell too far behind"))
        }
        if case .end = part { parts.finish() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        let problem = ConnectionProblem(error, timeout: timeout, certificate: certificate)
        parts.finish(
            throwing: problem.isBeforeRequest
                ? HTTPFetch.Failure.unreachable(problem.text) : .broken(problem.text))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        parts.finish(throwing: HTTPFetch.Failure.broken("the connection closed before the answer was whole"))
    }
}
