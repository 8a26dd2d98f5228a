import NIOCore
import NIOHTTP1
import Sessions
import Telemetry

/// One keep-alive connection to a server; carries one request at a time.
final class HTTPClientConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private enum Content { case whole, events, none }

    let state: LoopState
    var tickIndex = -1
    /// When the last answer was complete, by the loop's clock.
    private(set) var idleSince: UInt32 = 0

    private let pool: HTTPClientPool
    private let decode: DecodeHandler<HTTPClientResponsePart, HTTPClientRequestPart>
    private var context: ChannelHandlerContext?
    private var exchange: HTTPClientExchange?
    private var content = Content.none
    private var body: [UInt8] = []
    private var declaredBytes: Int?
    private var parser = EventStreamParser(maxEventBytes: 0)
    private var keepsAlive = true
    private var isReading = true
    private var isStarting = false
    private var hasUnflushed = false
    /// The answer is whole, and the connection waits for the end of the read to be used again.
    private var isFinished = false
    /// The answer that is coming in, unless it came in one piece.
    private var incoming: HeldBytes
    private var unsent: UnsentBytes

    init(
        _ pool: HTTPClientPool, _ decode: DecodeHandler<HTTPClientResponsePart, HTTPClientRequestPart>,
        _ state: LoopState
    ) {
        self.pool = pool
        incoming = HeldBytes(pool.limits.memory)
        unsent = UnsentBytes(pool.limits.memory)
        self.decode = decode
        self.state = state
        idleSince = state.now
    }

    // MARK: From the pool

    func start(_ exchange: HTTPClientExchange) {
        guard let context else { return fail(exchange) }
        self.exchange = exchange
        exchange.connection = self
        keepsAlive = false
        decode.decoder.write(data: exchange.kind.decoderHead)
        let body = exchange.takeBody()
        let buffer = pool.writer.take(exchange.kind, exchange.headers, body, from: state)
        isStarting = true
        unsent.wrote(buffer.readableBytes)
        context.write(NIOAny(buffer), promise: nil)
        state.keepWriteBuffer(buffer)
        hasUnflushed = true
        state.needsFlush(self)
        isStarting = false
        if exchange.isPaused { setReading(false) }
    }

    private func fail(_ exchange: HTTPClientExchange) {
        pool.later { exchange.fail(.broken("the connection had closed")) }
    }

    func setReading(_ reads: Bool) {
        guard reads != isReading else { return }
        isReading = reads
        decode.setReading(reads)
    }

    func close() {
        decode.stop()
        context?.close(promise: nil)
    }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): received(head)
        case .body(let bytes): received(bytes)
        case .end: receivedEnd()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard isFinished else { return }
        isFinished = false
        if !isReading { setReading(true) }
        idleSince = state.now
        pool.release(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let failure = error as? DecodeFailure {
            abort(.malformed("\(failure.reason)"))
        } else {
            abort(.broken(ConnectionProblem(error, timeout: pool.limits.connectTimeout).text))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        unsent.clear()
        isFinished = false
        pool.closed(self)
        abort(.broken("the server closed the connection before the answer was whole"))
    }

    // MARK: Answers

    private func received(_ head: HTTPResponseHead) {
        guard let exchange, let observer = exchange.observer else { return close() }
        guard head.status.code >= 200 else { return abort(.malformed("status \(head.status.code)")) }
        keepsAlive = head.isKeepAlive
        var answer = UpstreamHead(
            status: Int(head.status.code), content: .none, sessionID: nil, retryAfterSeconds: nil)
        declaredBytes = nil
        for (name, value) in head.headers {
            switch AnswerField(name) {
            case .contentType: answer.content = AnswerField.content(value)
            case .contentLength: declaredBytes = Int(value)
            case .sessionID: answer.sessionID = value
            case .retryAfter: answer.retryAfterSeconds = Int(value)
            case .other: break
            }
        }
        if answer.status == 204 || answer.status == 304 || declaredBytes == 0 { answer.content = .none }
        content = answer.content == .eventStream ? .events : .whole
        if content == .events { parser = EventStreamParser(maxEventBytes: pool.limits.maxMessageBytes) }
        if let declaredBytes, declaredBytes > pool.limits.maxMessageBytes, content == .whole {
            return abort(.messageTooLarge)
        }
        observer.head(answer)
    }

    private func received(_ bytes: ByteBuffer) {
        guard let exchange, exchange.isWanted else { return }
        switch content {
        case .none: break
        case .events: parse(bytes, exchange)
        case .whole:
            guard bytes.readableBytes <= pool.limits.maxMessageBytes - body.count else {
                return abort(.messageTooLarge)
            }
            if body.isEmpty, bytes.readableBytes == declaredBytes {
                body = Array(buffer: bytes)
            } else {
                guard incoming.set(body.count + bytes.readableBytes) else { return abort(Self.noRoom) }
                body.append(contentsOf: bytes.readableBytesView)
            }
        }
    }

    private func parse(_ bytes: ByteBuffer, _ exchange: HTTPClientExchange) {
        let earlier = parser.retryMilliseconds
        defer {
            if let pause = parser.retryMilliseconds, pause != earlier {
                exchange.observer?.retry(milliseconds: pause)
            }
        }
        do throws(EventStreamParser.Failure) {
            try parser.parse(bytes.readableBytesUInt8Span) { event in
                exchange.observer?.message(event.data, eventID: event.id)
            }
            if !incoming.set(parser.heldBytes) { abort(Self.noRoom) }
        } catch {
            abort(.messageTooLarge)
        }
    }

    private static let noRoom = UpstreamFailure.broken("no memory is left for the answer; see attune memory")

    private func receivedEnd() {
        guard let exchange = exchange.take() else { return }
        var whole: [UInt8] = []
        swap(&whole, &body)
        _ = incoming.set(0)
        isFinished = keepsAlive && !pool.isRetired
        if !whole.isEmpty { exchange.observer?.message(whole, eventID: nil) }
        exchange.end()
        if !isFinished { close() }
    }

    /// Fails the request under way, if there is one, and closes the connection.
    private func abort(_ failure: UpstreamFailure) {
        body = []
        _ = incoming.set(0)
        if let exchange = exchange.take() {
            if isStarting { pool.later { exchange.fail(failure) } } else { exchange.fail(failure) }
        }
        close()
    }
}

extension HTTPClientConnection: Flushable {
    func flushWrites() {
        guard hasUnflushed else { return }
        hasUnflushed = false
        guard let context else { return }
        context.flush()
        // What a server does not take is bounded by the calls under way, which are counted too.
        _ = unsent.flushed(context.channel)
    }
}
