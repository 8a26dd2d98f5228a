import NIOCore
import NIOSSL
import NIOTLS

/// JSON lines over a channel in TLS. Confined to its loop.
final class AttachChannel: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    enum Event {
        /// The handshake is done; the names are those of the other side's certificate.
        case secured(names: [String])
        case line([UInt8])
        case lineTooLong
        case failed(ConnectionProblem)
        /// Always the last.
        case closed
    }

    /// The names of a certificate that are looked at.
    private static let maxNames = 16

    private let timeout: Duration
    private let handle: (Event) -> Void
    private var framer: LineFramer
    private var context: ChannelHandlerContext?
    private var isClosing = false

    /// - Parameter timeout: the limit that a failure tells.
    init(maxLineBytes: Int, timeout: Duration, _ handle: @escaping (Event) -> Void) {
        framer = LineFramer(maxLineBytes: maxLineBytes)
        self.timeout = timeout
        self.handle = handle
    }

    /// - Returns: false if the other side has left too much unread; nothing is written then.
    @discardableResult
    func write(_ line: [UInt8]) -> Bool {
        guard let context, !isClosing else { return true }
        guard context.channel.isWritable else { return false }
        var buffer = context.channel.allocator.buffer(capacity: line.count + 1)
        buffer.writeBytes(line)
        buffer.writeInteger(UInt8(0x0A))
        context.writeAndFlush(NIOAny(buffer), promise: nil)
        return true
    }

    /// Sends what is written and closes; the other side is no longer heard.
    func close() {
        guard let context, !isClosing else { return }
        isClosing = true
        context.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        framer.take(buffer.readableBytesUInt8Span) { output in
            guard !isClosing else { return }
            switch output {
            case .line(let line): handle(.line(line))
            case .oversized: handle(.lineTooLong)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else { return }
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        handle(.secured(names: certificate.map(Self.names) ?? []))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        if !isClosing {
            handle(.failed(ConnectionProblem(error, timeout: timeout, certificate: certificate)))
        }
        isClosing = true
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        handle(.closed)
    }

    /// The DNS names that a certificate is for (RFC 5280, section 4.2.1.6).
    private static func names(_ certificate: NIOSSLCertificate) -> [String] {
        certificate._subjectAlternativeNames().lazy.filter { $0.nameType == .dnsName }.prefix(maxNames)
            .map { String(decoding: $0.contents, as: UTF8.self) }
    }
}
