import NIOCore
import NIOSSL
import NIOTLS

/// Tells once how a TLS handshake ended; it is taken out of the pipeline when the handshake was a success.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias Completion = (Result<any Channel, ConnectionProblem>) -> Void

    private let timeout: Duration
    private var completion: Completion?
    private var deadline: Scheduled<Void>?

    init(timeout: Duration, _ completion: @escaping Completion) {
        self.timeout = timeout
        self.completion = completion
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) { [self] in
            finish(.failure(.handshakeTimedOut(timeout)))
            channel.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else { return }
        finish(.success(context.channel))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        finish(.failure(ConnectionProblem(error, timeout: timeout, certificate: certificate)))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(.closedInHandshake))
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(.failure(.closedInHandshake))
    }

    /// Tells the result unless one was told already.
    func finish(_ result: Result<any Channel, ConnectionProblem>) {
        deadline?.cancel()
        deadline = nil
        completion.take()?(result)
    }
}
