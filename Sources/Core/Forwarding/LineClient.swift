import Identifiers
import Sessions
import Wire

/// A client on a line connection: a legacy session from its `initialize` on, or modern requests, or both.
final class LineClient: LineReceiver, @unchecked Sendable {
    // Proof of Sendable: confined to the channel's loop, where its timer runs too.
    private let channel: any LineChannel
    private let loop: LoopGateway
    private let endpoint: Endpoint
    private let path: String
    private let stream: ClientStream
    private let principal: Principal
    private var session: LegacySession?
    private var isPaused = false
    private var isEnding = false

    private static let endingCheckMilliseconds = 50

    init(_ channel: any LineChannel, gateway: LoopGateway, endpoint: Endpoint, path: String) {
        self.channel = channel
        loop = gateway
        self.endpoint = endpoint
        self.path = path
        stream = ClientStream(channel)
        principal = gateway.view.plan.access.localPrincipal
    }

    func received(_ line: [UInt8]) {
        take(line)
        // Who does not read its answers is not read either.
        if !channel.isWritable, !isPaused {
            isPaused = true
            channel.pauseReading(true)
        }
    }

    private func take(_ line: [UInt8]) {
        let frame: Frame
        do throws(ScanError) {
            frame = try Scanner.scan(line, limits: loop.gateway.scanLimits)
        } catch {
            let answer = RPCError(code: ErrorCode.parseError, message: "The line is not JSON: \(error)")
            return channel.write(answer.answer(id: nil))
        }
        guard frame.kind != .invalid else {
            let id = LoopGateway.id(line, frame)
            return channel.write(Refusal.invalidMessage.error.answer(id: id))
        }
        let method = Method(of: frame, in: line)
        let era =
            frame.kind == .batch ? .legacy : EraDecision.era(of: frame, method: method, versionHeader: nil)
        switch era {
        case .modern: modern(line, frame, method)
        case .legacy: legacy(line, frame, method)
        }
    }

    private func modern(_ line: [UInt8], _ frame: Frame, _ method: Method) {
        let refusal = ModernRules.refusal(
            line, frame, method: method, carrier: .lines, passesUnknown: endpoint.hub != nil)
        if let refusal {
            return channel.write(refusal.error.answer(id: LoopGateway.id(line, frame)))
        }
        let client = Incoming.Client(
            era: .modern, principal: principal, endpoint: endpoint, session: nil, disconnectCancels: true,
            stream: stream)
        guard frame.kind == .request else { return loop.notified(line, frame, method, client) }
        let incoming = Incoming(
            callID: loop.takeCallID(), message: line, frame: frame, method: method, client: client,
            reply: StreamReply(stream), start: loop.now)
        if method == .listen { return loop.listen(incoming, on: stream) }
        loop.dispatch(incoming)
    }

    private func legacy(_ line: [UInt8], _ frame: Frame, _ method: Method) {
        if session == nil {
            // Calls before `initialize` still need somebody whose links they use.
            session = loop.gateway.sessions.open(
                nil, principal: principal, endpointPath: path, gateway: loop.gateway,
                now: loop.now)
            if let session {
                session.attach(stream)
                _ = loop.streams.add(
                    StreamTable.Entry(
                        stream: stream, endpoint: endpoint, audience: .session(session), ownsStream: true))
            }
        }
        guard let session else {
            return channel.write(Refusal.sessionUnknown.error.answer(id: LoopGateway.id(line, frame)))
        }
        let client = Incoming.Client(
            era: .legacy, principal: principal, endpoint: endpoint, session: session,
            disconnectCancels: true,
            stream: stream)
        guard frame.kind != .batch else {
            let elements = LoopGateway.elements(line, frame)
            let count = elements?.count ?? LegacyRules.maxBatch + 1
            if let refusal = LegacyRules.refusal(batchOf: count, version: session.version) {
                return channel.write(refusal.error.answer(id: nil))
            }
            return loop.batch(elements ?? [], client, StreamReply(stream), loop.now) {}
        }
        loop.streamed(line, frame, client, StreamReply(stream), loop.now)
    }

    func skippedOversizedLine() {
        let answer = RPCError(
            code: ErrorCode.messageTooLarge,
            message: "The message exceeds \(loop.gateway.scanLimits.maxBytes) bytes")
        channel.write(answer.answer(id: nil))
    }

    func becameWritable() {
        stream.becameWritable()
        guard isPaused else { return }
        isPaused = false
        channel.pauseReading(false)
    }

    /// The client waits for its last answers.
    func inputEnded() -> Bool {
        guard hasRequests else { return false }
        isEnding = true
        closeWhenAnswered()
        return true
    }

    private var hasRequests: Bool {
        !loop.calls.all { $0.incoming.client.stream === stream }.isEmpty
            || !loop.parked.all { $0.client.stream === stream }.isEmpty
    }

    private func closeWhenAnswered() {
        let delay = Duration.milliseconds(Self.endingCheckMilliseconds)
        _ = loop.loop.schedule(after: delay) {
            guard self.isEnding else { return }
            if self.hasRequests { self.closeWhenAnswered() } else { self.channel.close() }
        }
    }

    func closed() {
        isEnding = false
        stream.markClosed()
        let stream = self.stream
        loop.cancel { $0.client.stream === stream }
        if let session { loop.gateway.sessions.end(session.id) }
    }
}
