import Sessions
import Wire

/// Performs what `UpstreamHandshake` says for one link. Confined to the link's owner loop.
final class LinkHandshake: @unchecked Sendable {
    // Proof of Sendable: all methods run on the link's owner loop.
    private unowned let link: UpstreamLink
    private var machine: UpstreamHandshake
    private var timer: (any ScheduledWork)?
    private var exchange: HandshakeExchange?
    private var isOver = false
    private var isLaunching = false
    private var restarts = 0
    /// The session that the server has opened and does not know to be in use yet.
    private var unready: ServerFacts?

    /// A process may still be starting, so its first answer may take longer than a running server's.
    private static let processDiscoverMilliseconds = 4_000
    private static let httpDiscoverMilliseconds = 3_000
    private static let initializeMilliseconds = 7_000
    private static let launchMilliseconds = 10_000
    /// How long a server may take to accept `notifications/initialized`.
    private static let initializedMilliseconds = 2_000

    private var isProcess: Bool { link.hub.plan.transport == .process }

    init(link: UpstreamLink) {
        self.link = link
        machine = Self.machine(link)
    }

    private static func machine(_ link: UpstreamLink) -> UpstreamHandshake {
        UpstreamHandshake(
            carrier: link.hub.plan.transport == .process ? .lines : .http, identity: link.identity,
            firstID: 1)
    }

    func start() { start(remembered: link.hub.current.rememberedEra) }

    private func start(remembered: Era?) {
        guard isProcess else { return perform(machine.start(remembered: remembered)) }
        if let spare = link.hub.takeSpare(for: link) {
            link.channel = spare
            return perform(machine.start(remembered: remembered))
        }
        let link = link
        isLaunching = true
        limitTime(Self.launchMilliseconds) {
            $0.finish(.failure(.unreachable("the process did not start in time")))
        }
        link.hub.launcher.launch(on: link.owner.loop, receiver: link) { [weak self] result in
            guard let self, !self.isOver, self.isLaunching else {
                if case .success(let channel) = result { channel.terminate() }
                return
            }
            self.isLaunching = false
            self.timer?.cancel()
            switch result {
            case .success(let channel):
                link.channel = channel
                self.perform(self.machine.start(remembered: remembered))
            case .failure(let failure): self.finish(.failure(LinkFailure(failure)))
            }
        }
    }

    private func limitTime(_ milliseconds: Int, _ body: @escaping @Sendable (LinkHandshake) -> Void) {
        timer?.cancel()
        timer = link.owner.loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
            if let self, !self.isOver { body(self) }
        }
    }

    private func perform(_ actions: [UpstreamHandshake.Action]) {
        var rest = actions[...]
        while let action = rest.popFirst(), !isOver {
            switch action {
            case .send(let body, let headers): send(body, headers)
            case .notify(let body, _) where isProcess: link.channel?.write(body)
            case .notify(let body, let headers): return notify(body, headers, then: Array(rest))
            case .ready(let facts): finish(.success(facts))
            case .restart(let era): restart(remembered: era)
            case .fail(let failure): finish(.failure(Self.failure(failure)))
            }
        }
    }

    private static func failure(_ failure: HandshakeFailure) -> LinkFailure {
        switch failure {
        case .unreachable(let detail): .unreachable(detail)
        case .noConnectionFree: .noConnectionFree
        case .timedOut, .ended: .broken(failure.text)
        case .unauthorized(let status): .refused(status: status)
        default: .malformed(failure.text)
        }
    }

    private func send(_ body: [UInt8], _ headers: UpstreamHeaders) {
        let isDiscover = (try? Scanner.scan(body)).map { Method(of: $0, in: body) == .discover } ?? false
        let milliseconds =
            !isDiscover
            ? Self.initializeMilliseconds
            : isProcess ? Self.processDiscoverMilliseconds : Self.httpDiscoverMilliseconds
        limitTime(milliseconds) { handshake in
            handshake.exchange?.cancel()
            handshake.perform(handshake.machine.timedOut())
        }
        if isProcess {
            // What a client says of itself may be written on several lines.
            link.channel?.write(SingleLine.flattened(body))
        } else {
            let exchange = HandshakeExchange(handshake: self, on: link.owner)
            self.exchange = exchange
            exchange.start(body, headers, link.owner.pool(of: link.hub))
        }
    }

    /// Over HTTP the next request could overtake the notification on another connection, so the server's
    /// answer to it is awaited.
    private func notify(
        _ body: [UInt8], _ headers: UpstreamHeaders, then rest: [UpstreamHandshake.Action]
    ) {
        timer?.cancel()
        for case .ready(let facts) in rest { unready = facts }
        AsidePost.send(
            body, headers, to: link.owner.pool(of: link.hub), on: link.owner,
            milliseconds: Self.initializedMilliseconds
        ) { [weak self] in
            guard let self, !self.isOver else { return }
            self.unready = nil
            self.perform(rest)
        }
    }

    private func restart(remembered: Era) {
        guard restarts == 0 else { return finish(.failure(.broken("the process ended at once"))) }
        restarts += 1
        timer?.cancel()
        link.hub.rememberEra(remembered)
        link.channel?.terminate()
        link.channel = nil
        machine = Self.machine(link)
        start(remembered: remembered)
    }

    private func finish(_ result: Result<ServerFacts, LinkFailure>) {
        guard !isOver else { return }
        abandon()
        link.opened(result)
    }

    /// The link is given up; nothing more is done or heard.
    func abandon() {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        timer = nil
        exchange?.cancel()
        exchange = nil
        if let unready, unready.sessionID != nil {
            link.owner.pool(of: link.hub).delete(.session(unready))
        }
    }

    /// A response came on the process's standard output.
    func received(_ message: [UInt8], _ frame: Frame) {
        perform(machine.received(message, frame))
    }

    /// - Returns: whether the handshake goes on without the process, or has told the link of its failure.
    func processEnded() -> Bool {
        guard !isOver else { return false }
        perform(machine.exited())
        return true
    }

    fileprivate func answered(_ message: [UInt8], _ frame: Frame, status: Int, sessionID: String?) {
        guard !isOver else { return }
        perform(machine.received(message, frame, httpStatus: status, sessionID: sessionID))
    }

    fileprivate func answeredNothing(status: Int) {
        if !isOver { perform(machine.receivedNoMessage(httpStatus: status)) }
    }

    fileprivate func failed(_ failure: UpstreamFailure) {
        if !isOver { perform(machine.failed(failure)) }
    }
}

/// One request of a handshake over HTTP.
private final class HandshakeExchange: UpstreamObserver {
    private weak var handshake: LinkHandshake?
    private let loop: LoopGateway
    private var exchange: (any UpstreamExchange)?
    private var head: UpstreamHead?
    private var isAnswered = false

    init(handshake: LinkHandshake, on loop: LoopGateway) {
        self.handshake = handshake
        self.loop = loop
    }

    func start(_ body: [UInt8], _ headers: UpstreamHeaders, _ pool: any HTTPUpstream) {
        exchange = pool.post(body, headers, self)
    }

    func cancel() {
        isAnswered = true
        exchange?.cancel()
        exchange = nil
    }

    func head(_ head: UpstreamHead) { self.head = head }

    func message(_ bytes: [UInt8], eventID: String?) {
        guard !isAnswered, let head,
            let frame = try? Scanner.scan(bytes, limits: loop.gateway.scanLimits),
            frame.kind == .result || frame.kind == .error
        else { return }
        isAnswered = true
        if head.content == .eventStream, let exchange { StreamTail.end(exchange, on: loop) }
        exchange = nil
        handshake?.answered(bytes, frame, status: head.status, sessionID: head.sessionID)
    }

    func ended() {
        guard !isAnswered else { return }
        isAnswered = true
        handshake?.answeredNothing(status: head?.status ?? 0)
    }

    func failed(_ failure: UpstreamFailure) {
        guard !isAnswered else { return }
        isAnswered = true
        handshake?.failed(failure)
    }
}
