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
    private var restarts = 0

    /// A process may still be starting, so its first answer may take longer than a running server's.
    private static let processDiscoverMilliseconds = 4_000
    private static let httpDiscoverMilliseconds = 3_000
    private static let initializeMilliseconds = 7_000

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
        link.hub.launcher.launch(on: link.owner.loop, receiver: link) { [weak self] result in
            guard let self, !self.isOver else {
                if case .success(let channel) = result { channel.terminate() }
                return
            }
            switch result {
            case .success(let channel):
                link.channel = channel
                self.perform(self.machine.start(remembered: remembered))
            case .failure(let failure): self.finish(.failure(LinkFailure(failure)))
            }
        }
    }

    private func perform(_ actions: [UpstreamHandshake.Action]) {
        for action in actions where !isOver {
            switch action {
            case .send(let body, let headers): send(body, headers)
            case .notify(let body, let headers): notify(body, headers)
            case .ready(let facts): finish(.success(facts))
            case .restart(let era): restart(remembered: era)
            case .fail(let failure): finish(.failure(Self.failure(failure)))
            }
        }
    }

    private static func failure(_ failure: HandshakeFailure) -> LinkFailure {
        switch failure {
        case .unreachable(let detail): .unreachable(detail)
        case .timedOut, .ended: .broken(failure.text)
        case .unauthorized(let status): .refused(status: status)
        default: .malformed(failure.text)
        }
    }

    private func send(_ body: [UInt8], _ headers: UpstreamHeaders) {
        let isDiscover = headers.mcpMethod != nil || (isProcess && restarts == 0 && !sentFirst)
        sentFirst = true
        timer?.cancel()
        let milliseconds =
            !isDiscover
            ? Self.initializeMilliseconds
            : isProcess ? Self.processDiscoverMilliseconds : Self.httpDiscoverMilliseconds
        timer = link.owner.loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
            guard let self, !self.isOver else { return }
            self.exchange?.cancel()
            self.perform(self.machine.timedOut())
        }
        if isProcess {
            link.channel?.write(body)
        } else {
            let exchange = HandshakeExchange(handshake: self, limits: link.owner.gateway.scanLimits)
            self.exchange = exchange
            exchange.start(body, headers, link.owner.pool(of: link.hub))
        }
    }

    private var sentFirst = false

    private func notify(_ body: [UInt8], _ headers: UpstreamHeaders) {
        if isProcess {
            link.channel?.write(body)
        } else {
            _ = link.owner.pool(of: link.hub).post(body, headers, DiscardingObserver())
        }
    }

    private func restart(remembered: Era) {
        guard restarts == 0 else { return finish(.failure(.broken("the process ended at once"))) }
        restarts += 1
        link.hub.rememberEra(remembered)
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
        isOver = true
        timer?.cancel()
        timer = nil
        exchange?.cancel()
        exchange = nil
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
    private let limits: ScanLimits
    private var exchange: (any UpstreamExchange)?
    private var head: UpstreamHead?
    private var isAnswered = false

    init(handshake: LinkHandshake, limits: ScanLimits) {
        self.handshake = handshake
        self.limits = limits
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
        guard !isAnswered, let head, let frame = try? Scanner.scan(bytes, limits: limits),
            frame.kind == .result || frame.kind == .error
        else { return }
        isAnswered = true
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
