import NIOCore
import NIOHTTP1
import Sessions
import Telemetry

/// One client connection: gathers requests, hands them to the front one at a time and in order, keeps the
/// limits.
final class HTTPServerConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    /// What came in completely and waits for the answers before it.
    private enum Waiting {
        case request(CheckedHead, [UInt8])
        case refusal(HTTPRefusal)
    }

    private enum Reading { case head, body, refused }

    let loop: NIOLoop
    let state: LoopState
    var tickIndex = -1
    /// The listener drains: each answer is the last on its connection.
    var isDraining = false

    private let service: HTTPService
    private let decode: DecodeHandler<HTTPServerRequestPart, HTTPServerResponsePart>
    private var context: ChannelHandlerContext?
    private var current: HTTPServerExchange?
    private var waiting: [Waiting] = []
    private var reading = Reading.head
    private var head: CheckedHead?
    private var body: [UInt8] = []
    private var isServing = false
    private var isLingering = false
    private var hasUnflushed = false
    /// When the body or the idle time under way began, by the loop's clock.
    private var readingSince: UInt32 = 0
    private var stalledSince: UInt32?
    /// When a tick first saw a head under way.
    private var headSince: UInt32?
    private let isOneTooMany: Bool
    /// The body that is coming in, unless it came in one piece.
    private var incoming: HeldBytes
    /// Requests that are complete and wait.
    private var waitingBytes: HeldBytes
    private var unsent: UnsentBytes

    init(
        _ service: HTTPService, _ decode: DecodeHandler<HTTPServerRequestPart, HTTPServerResponsePart>,
        _ loop: NIOLoop, _ state: LoopState, isOneTooMany: Bool
    ) {
        self.isOneTooMany = isOneTooMany
        self.service = service
        incoming = HeldBytes(service.limits.memory)
        waitingBytes = HeldBytes(service.limits.memory)
        unsent = UnsentBytes(service.limits.memory)
        self.decode = decode
        self.loop = loop
        self.state = state
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Nothing asked and nothing under way.
    var isIdle: Bool { current == nil && waiting.isEmpty && reading == .head && !decode.isMidMessage }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        readingSince = state.now
        service.opened(self)
        state.startTicking(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        state.stopTicking(self)
        service.closed(self)
    }

    func channelActive(context: ChannelHandlerContext) {
        if isOneTooMany { refuse(.tooManyConnections) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard reading != .refused else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): received(head)
        case .body(let bytes): received(bytes)
        case .end: receivedEnd()
        }
    }

    /// Sends what the read was answered with at once. Ends the event: nobody after this handler needs it.
    func channelReadComplete(context: ChannelHandlerContext) { flushWrites() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let failure = error as? DecodeFailure {
            let isOverflow = failure.reason as? HTTPParserError == .headerOverflow
            refuse(isOverflow ? .headTooLarge : .malformed)
        } else if error as? HTTPParserError == .invalidVersion {
            // The decoder says so itself for versions that are well-formed; the failure comes after it.
            refuse(.versionNotServed)
        } else {
            context.close(promise: nil)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        _ = unsent.recount(context.channel)
        if context.channel.isWritable {
            stalledSince = nil
            if let current { state.run { service.front.resumed(current) } }
        } else if stalledSince == nil {
            stalledSince = state.now
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        reading = .refused
        dropWaiting()
        dropBody()
        unsent.clear()
        state.stopTicking(self)
        service.closed(self)
        if let exchange = current.take() {
            service.front.abandoned(exchange)
            exchange.detach()
        }
    }

    // MARK: Requests

    private func received(_ head: HTTPRequestHead) {
        do throws(HTTPRefusal) {
            let checked = try CheckedHead(head, service.rules, service.limits)
            if checked.expectsContinue, current == nil { writeContinue() }
            self.head = checked
            headSince = nil
            reading = .body
            readingSince = state.now
        } catch {
            if let foreign = ForeignRequest(head, error) { service.turnedAway(foreign) }
            refuse(error)
        }
    }

    private func received(_ bytes: ByteBuffer) {
        guard bytes.readableBytes <= service.limits.maxBodyBytes - body.count else {
            return refuse(.bodyTooLarge)
        }
        if body.isEmpty, let length = head?.contentLength, bytes.readableBytes == length {
            body = Array(buffer: bytes)
        } else {
            guard incoming.set(body.count + bytes.readableBytes) else { return refuse(.outOfMemory) }
            body.append(contentsOf: bytes.readableBytesView)
        }
    }

    private func receivedEnd() {
        guard let head = head.take() else { return }
        var whole: [UInt8] = []
        swap(&whole, &body)
        _ = incoming.set(0)
        decode.isMidMessage = false
        reading = head.keepsAlive ? .head : .refused
        if !head.keepsAlive { decode.stop() }
        if current == nil, !isServing {
            serve(head, whole)
        } else {
            _ = waitingBytes.force(waitingBytes.count + whole.count)
            waiting.append(.request(head, whole))
            decode.pause()
        }
    }

    /// Turns the connection away: answers what was asked before, then this, then closes.
    private func refuse(_ refusal: HTTPRefusal) {
        guard reading != .refused else { return }
        reading = .refused
        head = nil
        dropBody()
        decode.stop()
        if current == nil, !isServing { answer(refusal) } else { waiting.append(.refusal(refusal)) }
    }

    private func dropBody() {
        body = []
        _ = incoming.set(0)
    }

    private func dropWaiting() {
        waiting = []
        _ = waitingBytes.set(0)
    }

    private func answer(_ refusal: HTTPRefusal) {
        service.refused(refusal)
        var headers = HTTPAnswer.Headers()
        if refusal == .methodNotServed { headers.allow = "GET, POST, DELETE" }
        let answer = HTTPAnswer(
            status: refusal.status, headers: headers, content: .json, body: refusal.body, closes: true)
        let buffer = AnswerWriter.take(answer, isHead: false, isHTTP10: false, closes: true, from: state)
        write(buffer)
        state.keepWriteBuffer(buffer)
        linger()
    }

    private func serve(_ head: CheckedHead, _ body: [UInt8]) {
        let exchange = HTTPServerExchange(self, head, closes: !head.keepsAlive)
        current = exchange
        let request = HTTPRequest(
            verb: head.verb, path: head.path, query: head.query, headers: head.headers, body: body)
        service.front.received(request, exchange)
    }

    // MARK: Answers

    /// The exchange's answer is written; the next request has its turn.
    func ended(_ exchange: HTTPServerExchange) {
        guard current === exchange else { return }
        current = nil
        readingSince = state.now
        if exchange.closes {
            dropWaiting()
            return linger()
        }
        // An answer within `serve` below comes back here: the loop there goes on, rather than the recursion.
        guard !isServing, !waiting.isEmpty else { return }
        isServing = true
        while current == nil, !waiting.isEmpty, !isLingering {
            switch waiting.removeFirst() {
            case .request(let head, let body):
                _ = waitingBytes.set(waitingBytes.count - body.count)
                serve(head, body)
            case .refusal(let refusal): answer(refusal)
            }
        }
        isServing = false
        if waiting.isEmpty { decode.resume() }
    }

    private func writeContinue() {
        var buffer = state.takeWriteBuffer(32)
        buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        write(buffer)
        state.keepWriteBuffer(buffer)
    }

    func write(_ buffer: ByteBuffer) {
        guard let context else { return }
        unsent.wrote(buffer.readableBytes)
        context.write(NIOAny(buffer), promise: nil)
        guard !hasUnflushed else { return }
        hasUnflushed = true
        state.needsFlush(self)
    }

    // MARK: The end

    /// Sends what is written, then the end of the stream, and reads and drops for a while what the client
    /// still sends: closing at once would reset the connection and could cost the client the answer.
    private func linger() {
        guard !isLingering, let context else { return }
        isLingering = true
        reading = .refused
        decode.stop()
        flushWrites()
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(200)) { [weak self] in
            self?.close()
        }
    }

    func close() {
        flushWrites()
        context?.close(promise: nil)
    }

    /// Closes the connection now if nothing is under way, else after the answers.
    func drain() {
        isDraining = true
        if isIdle { close() }
    }
}

extension HTTPServerConnection: Flushable {
    func flushWrites() {
        guard hasUnflushed else { return }
        hasUnflushed = false
        guard let context else { return }
        context.flush()
        // A client that does not read what it asked for, while there is no room to keep it.
        if !unsent.flushed(context.channel) { context.close(promise: nil) }
    }
}

extension HTTPServerConnection: Ticking {
    func tick(_ now: UInt32) {
        let limits = service.limits
        if let context, !unsent.recount(context.channel) { return context.close(promise: nil) }
        if let stalledSince, now &- stalledSince > limits.stallSeconds { return close() }
        guard current == nil, !isLingering else { return }
        if reading == .body {
            if now &- readingSince > limits.bodySeconds { refuse(.timedOut) }
        } else if decode.isMidMessage {
            let since = headSince ?? now
            headSince = since
            if now &- since > limits.headSeconds { refuse(.timedOut) }
        } else if now &- readingSince > limits.idleSeconds {
            close()
        }
    }
}
