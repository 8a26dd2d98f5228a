import Identifiers
import Sessions
import Wire

/// Watches a server that is up: hears what it announces, and asks servers over HTTP now and then whether they
/// live. Confined to the hub's home loop.
final class ServerWatcher: @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on the hub's home loop.
    private unowned let hub: ServerHub
    private var stream: ServerEventStream?
    private var probe: (any LinkRequest)?
    private var timer: (any ScheduledWork)?
    private var unansweredProbes = 0
    /// Goes up with each server session, so that late callbacks of an earlier one are known.
    private var term = 0

    private static let probeIntervalMilliseconds = 10_000
    private static let probeTimeoutMilliseconds = 5_000
    /// A server that does one thing at a time may be busy with calls; then it is not given up for one
    /// silence.
    private static let maxUnansweredProbes = 3

    init(hub: ServerHub) { self.hub = hub }

    func watch(_ link: UpstreamLink, _ facts: ServerFacts) {
        stop()
        unansweredProbes = 0
        if Self.announces(facts) { listen(link, facts) }
        if hub.plan.transport == .http { scheduleProbe(link, facts) }
    }

    func stop() {
        term += 1
        stream?.stop()
        stream = nil
        probe?.cancel()
        probe = nil
        timer?.cancel()
        timer = nil
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
        let hub = self.hub
        let home = hub.home
        let meta = ModernMeta(for: facts, as: link.identity)
        guard hub.plan.transport == .http else {
            // A legacy process announces changes unasked.
            if let meta {
                link.post(
                    GatewayMessages.listen(id: home.takeRequestID(), Self.filter, meta: meta), from: home)
            }
            return
        }
        let stream = ServerEventStream(link: link, loop: home) { observer in
            let pool = home.pool(of: hub)
            guard let meta else { return pool.listen(.session(facts), observer) }
            let body = GatewayMessages.listen(id: home.takeRequestID(), Self.filter, meta: meta)
            return pool.post(body, .own(.listen, facts), observer)
        } heard: { message, frame in
            link.sort(message, frame, for: nil)
        } reopens: {
            // What was announced while nobody listened is made good by listing again.
            hub.listChanged()
        } refused: {
            hub.lists.hearsNoChanges()
        }
        self.stream = stream
        stream.start()
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
            self.probeTimedOut(link, facts)
        }
        probe = link.send(
            body, id: id, .own(method, facts), from: hub.home,
            ClosureObserver { [weak self] result in
                guard let self, self.term == term else { return }
                self.timer?.cancel()
                self.probe = nil
                self.unansweredProbes = 0
                switch result {
                case .success, .failure(.refused), .failure(.overloaded): self.scheduleProbe(link, facts)
                case .failure(let failure): self.hub.noteUnreachable(failure)
                }
            })
    }

    private func probeTimedOut(_ link: UpstreamLink, _ facts: ServerFacts) {
        probe?.cancel()
        probe = nil
        unansweredProbes += 1
        let isBusy = hub.admission.withLock { $0.running > 0 }
        if isBusy, unansweredProbes < Self.maxUnansweredProbes { return scheduleProbe(link, facts) }
        hub.noteUnreachable(.timedOut(milliseconds: Self.probeTimeoutMilliseconds))
    }
}
