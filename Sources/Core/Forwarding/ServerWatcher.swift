import Identifiers
import Sessions
import Wire

/// Watches a server that is up: hears what it announces, and asks servers over HTTP now and then whether they live.
/// Confined to the hub's home loop.
final class ServerWatcher: @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on the hub's home loop.
    private unowned let hub: ServerHub
    private var link: UpstreamLink?
    private var listener: (any UpstreamExchange)?
    private var probe: (any LinkRequest)?
    private var timer: (any ScheduledWork)?
    private var listenRetry: (any ScheduledWork)?
    private var listenFailures = 0
    /// Goes up with each server session, so that late callbacks of an earlier one are known.
    private var term = 0

    private static let probeIntervalMilliseconds = 10_000
    private static let probeTimeoutMilliseconds = 5_000

    init(hub: ServerHub) { self.hub = hub }

    func watch(_ link: UpstreamLink, _ facts: ServerFacts) {
        stop()
        self.link = link
        listenFailures = 0
        if Self.announces(facts) { listen(link, facts) }
        if hub.plan.transport == .http { scheduleProbe(link, facts) }
    }

    func stop() {
        term += 1
        link = nil
        listener?.cancel()
        listener = nil
        probe?.cancel()
        probe = nil
        timer?.cancel()
        timer = nil
        listenRetry?.cancel()
        listenRetry = nil
    }

    private static func announces(_ facts: ServerFacts) -> Bool {
        facts.offers(.toolsListChanged) || facts.offers(.promptsListChanged)
            || facts.offers(.resourcesListChanged)
    }

    // MARK: What the server announces

    private static let filter: SubscriptionFilter = {
        var filter = SubscriptionFilter()
        filter.toolsListChanged = true
        filter.promptsListChanged = true
        filter.resourcesListChanged = true
        return filter
    }()

    private func listen(_ link: UpstreamLink, _ facts: ServerFacts) {
        guard let meta = ModernMeta(for: facts, as: link.identity) else {
            if hub.plan.transport == .http {
                listener = hub.home.pool(of: hub).listen(.session(facts), observer(link, facts))
            }
            return
        }
        let body = GatewayMessages.listen(id: hub.home.takeRequestID(), Self.filter, meta: meta)
        switch hub.plan.transport {
        case .process: link.post(body, from: hub.home)
        case .http:
            listener = hub.home.pool(of: hub).post(body, .own(.listen, facts), observer(link, facts))
        }
    }

    private func observer(_ link: UpstreamLink, _ facts: ServerFacts) -> AnnouncementObserver {
        let term = self.term
        return AnnouncementObserver(link: link, home: hub.home) { [weak self] isRefused in
            guard let self, self.term == term else { return }
            self.listener = nil
            guard !isRefused else { return }
            self.listenFailures = min(self.listenFailures + 1, 6)
            let delay = Int.random(in: 250...500) << self.listenFailures
            self.listenRetry = self.hub.home.loop.schedule(after: .milliseconds(delay)) { [weak self] in
                guard let self, self.term == term else { return }
                // What was announced while nobody listened is made good by listing again.
                self.hub.lists.noteChange()
                self.listen(link, facts)
            }
        }
    }

    // MARK: Whether it lives

    private func scheduleProbe(_ link: UpstreamLink, _ facts: ServerFacts) {
        let term = self.term
        timer = hub.home.loop.schedule(after: .milliseconds(Self.probeIntervalMilliseconds)) { [weak self] in
            guard let self, self.term == term else { return }
            self.ask(link, facts)
        }
    }

    private func ask(_ link: UpstreamLink, _ facts: ServerFacts) {
        let method = facts.era == .modern ? Method.discover : Method.ping
        let id = hub.home.takeRequestID()
        let body = GatewayMessages.request(id: id, method, meta: ModernMeta(for: facts, as: link.identity))
        let term = self.term
        timer = hub.home.loop.schedule(after: .milliseconds(Self.probeTimeoutMilliseconds)) { [weak self] in
            guard let self, self.term == term else { return }
            self.hub.noteUnreachable(.timedOut(milliseconds: Self.probeTimeoutMilliseconds))
        }
        probe = link.send(
            body, id: id, .own(method, facts), from: hub.home,
            ClosureObserver { [weak self] result in
                guard let self, self.term == term else { return }
                self.timer?.cancel()
                self.probe = nil
                switch result {
                case .success, .failure(.refused), .failure(.overloaded): self.scheduleProbe(link, facts)
                case .failure(let failure): self.hub.noteUnreachable(failure)
                }
            })
    }
}

/// Hears what a server announces on an event stream.
private final class AnnouncementObserver: UpstreamObserver {
    private let link: UpstreamLink
    private let home: LoopGateway
    private let onEnd: (_ isRefused: Bool) -> Void
    private var status = 0

    /// - Parameter onEnd: called when the stream is over; `isRefused` says that the server offers none.
    init(link: UpstreamLink, home: LoopGateway, onEnd: @escaping (_ isRefused: Bool) -> Void) {
        self.link = link
        self.home = home
        self.onEnd = onEnd
    }

    func head(_ head: UpstreamHead) { status = head.status }

    func message(_ bytes: [UInt8], eventID: String?) {
        guard let frame = try? Scanner.scan(bytes, limits: home.gateway.scanLimits) else { return }
        switch frame.kind {
        case .notification:
            let method = Method(of: frame, in: bytes)
            switch method {
            case .toolsListChanged, .promptsListChanged, .resourcesListChanged: link.hub.listChanged(method)
            default: break
            }
        case .request: link.refuse(bytes, frame, from: home)
        default: break
        }
    }

    func ended() { onEnd((400..<500).contains(status)) }
    func failed(_ failure: UpstreamFailure) { onEnd(false) }
}
