import Identifiers
import Sessions
import Wire

/// Watches a server that is up: hears what it announces, and asks servers over HTTP now and then whether they
/// live. Confined to the hub's home loop.
final class ServerWatcher: @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on the hub's home loop.
    private unowned let hub: ServerHub
    private var stream: ServerEventStream?
    private var listening: ServerListening?
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
        if facts.era == .modern {
            let listening = ServerListening(link, facts, hub: hub)
            self.listening = listening
            listening.start()
        } else if hub.plan.transport == .http, announces(facts) {
            // A legacy process announces changes unasked.
            listen(link, facts)
        }
        if hub.plan.transport == .http { scheduleProbe(link, facts) }
    }

    func stop() {
        term += 1
        stream?.stop()
        stream = nil
        listening?.stop()
        listening = nil
        probe?.cancel()
        probe = nil
        timer?.cancel()
        timer = nil
    }

    private func announces(_ facts: ServerFacts) -> Bool {
        facts.offers(.toolsListChanged) || facts.offers(.promptsListChanged)
            || facts.offers(.resourcesListChanged)
            || facts.offers(.resourcesSubscribe) && hub.servesAll(facts)
    }

    /// What subscribes at a modern server to the resources of `feed`; nil while there is none.
    func carrier(for feed: ResourceFeed) -> (any ResourceCarrier)? {
        listening?.feed = feed
        return listening
    }

    // MARK: What the server announces

    private func listen(_ link: UpstreamLink, _ facts: ServerFacts) {
        let hub = self.hub
        let home = hub.home
        let stream = ServerEventStream(link: link, loop: home) { lastEventID, observer in
            home.pool(of: hub).listen(.session(facts, after: lastEventID), observer)
        } heard: { message, frame in
            link.sort(message, frame, for: nil)
        } reopens: {
            // What was announced while nobody listened is made good by listing again.
            hub.listChanged()
            hub.feeds.wasDeaf()
        } refused: { _ in
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
                case .success, .failure(.refused), .failure(.overloaded), .failure(.noConnectionFree):
                    self.scheduleProbe(link, facts)
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
