import Sessions
import Wire

/// Subscribes at a legacy server with `resources/subscribe`, on one link, and again on the next link when
/// that one breaks. Confined to the hub's home loop.
final class LegacyResourceCarrier: ResourceCarrier, @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on the hub's home loop.
    private enum Step { case subscribing, subscribed, unsubscribing }

    private unowned let hub: ServerHub
    private weak var feed: ResourceFeed?
    private let findLink: () -> UpstreamLink?
    /// Whether the link must be told to listen, because nothing else does.
    private let mustHear: Bool
    /// Called when nothing is wanted and the server has been told so.
    private let rested: () -> Void
    private var wanted: [String: [UInt8]] = [:]
    private var steps: [String: Step] = [:]
    private var link: UpstreamLink?
    private var facts: ServerFacts?
    private var isOpening = false
    private var isStopped = false
    private var retry: (any ScheduledWork)?
    private var failures = 0
    /// Goes up with each link, so that late answers of an earlier one are known.
    private var term = 0

    private static let firstPauseMilliseconds = 500
    private static let maxPauseDoublings = 5

    /// - Parameters:
    ///   - rested: called when nothing is wanted and the server has been told so.
    ///   - findLink: the link to subscribe on, made if there is none; nil if there can't be one.
    init(
        hub: ServerHub, feed: ResourceFeed, mustHear: Bool, rested: @escaping () -> Void,
        findLink: @escaping () -> UpstreamLink?
    ) {
        self.hub = hub
        self.feed = feed
        self.mustHear = mustHear
        self.rested = rested
        self.findLink = findLink
    }

    /// Whether the server knows of nothing here, nor is about to.
    var isAtRest: Bool { wanted.isEmpty && steps.isEmpty }

    func want(_ uri: String, raw: [UInt8]) {
        if mustHear, wanted.isEmpty { link?.hear(true, for: .resources) }
        wanted[uri] = raw
        advance(uri)
    }

    func forgo(_ uri: String) {
        wanted[uri] = nil
        if steps[uri] != nil { advance(uri) }
        guard wanted.isEmpty else { return }
        retry?.cancel()
        retry = nil
        if mustHear { link?.hear(false, for: .resources) }
    }

    func wake() {
        guard !wanted.isEmpty else { return }
        retry?.cancel()
        retry = nil
        resume()
    }

    func stop() {
        for uri in wanted.keys { forgo(uri) }
        isStopped = true
        term += 1
        retry?.cancel()
        retry = nil
    }

    // MARK: The link

    private func open() {
        guard !isOpening, !isStopped else { return }
        retry?.cancel()
        retry = nil
        guard let link = findLink() else { return failed(.broken("its session has ended")) }
        isOpening = true
        link.open(from: hub.home) { [weak self] result in
            guard let self else { return }
            self.isOpening = false
            guard !self.isStopped else { return }
            switch result {
            case .success(let facts): self.opened(link, facts)
            case .failure(let failure): self.failed(failure)
            }
        }
    }

    private func opened(_ link: UpstreamLink, _ facts: ServerFacts) {
        if self.link !== link {
            term += 1
            steps = [:]
            feed?.lost()
        }
        self.link = link
        self.facts = facts
        failures = 0
        if mustHear, !wanted.isEmpty { link.hear(true, for: .resources) }
        for uri in wanted.keys { advance(uri) }
        if isAtRest { rested() }
    }

    /// A link has ended, perhaps this one's.
    func linkEnded(_ ended: UpstreamLink) {
        guard link === ended else { return }
        link = nil
        term += 1
        steps = [:]
        feed?.lost()
        if wanted.isEmpty { rested() } else { retryLater() }
    }

    /// What a server without sessions sends went unheard for a while: it may have started anew meanwhile.
    func wasDeaf() {
        guard !steps.isEmpty else { return }
        term += 1
        steps = [:]
        feed?.lost()
        if wanted.isEmpty { rested() } else { resume() }
    }

    private func failed(_ failure: LinkFailure) {
        for uri in wanted.keys where steps[uri] == nil { feed?.settled(uri, .failed(failure)) }
        if !wanted.isEmpty { retryLater() }
    }

    private func retryLater() {
        guard retry == nil, !isStopped else { return }
        let ceiling = Self.firstPauseMilliseconds << min(failures, Self.maxPauseDoublings)
        failures += 1
        let delay = Int.random(in: ceiling / 2...ceiling)
        retry = hub.home.loop.schedule(after: .milliseconds(delay)) { [weak self] in
            self?.retry = nil
            self?.resume()
        }
    }

    private func resume() {
        guard let link, !link.isDead else { return open() }
        for uri in wanted.keys { advance(uri) }
    }

    // MARK: Subscribing

    /// One request a URI at a time, so that what was said last counts.
    private func advance(_ uri: String) {
        guard let link, !link.isDead, let facts, !isStopped else {
            // With its link a subscription has ended too.
            return wanted[uri] == nil ? forget(uri) : open()
        }
        switch (wanted[uri], steps[uri]) {
        case (let raw?, nil):
            steps[uri] = .subscribing
            ask(.resourcesSubscribe, raw, link, facts) { $0.subscribed(uri, $1) }
        case (nil, .subscribed?):
            steps[uri] = .unsubscribing
            let raw = JSONWriter.quoted(uri)
            ask(.resourcesUnsubscribe, raw, link, facts) { carrier, _ in
                carrier.forget(uri)
                if carrier.wanted[uri] != nil { carrier.advance(uri) }
            }
        default: break
        }
    }

    /// The server does not know of the resource any more.
    private func forget(_ uri: String) {
        steps[uri] = nil
        if isAtRest { rested() }
    }

    private func ask(
        _ method: Method, _ raw: [UInt8], _ link: UpstreamLink, _ facts: ServerFacts,
        _ completion: @escaping (LegacyResourceCarrier, Result<ClosureObserver.Answer, LinkFailure>) -> Void
    ) {
        let id = hub.home.takeRequestID()
        let body = GatewayMessages.request(id: id, method, uri: raw, meta: nil)
        let term = self.term
        AsideRequest.send(body, id: id, .session(facts), link, from: hub.home) { result in
            // Held until the answer, so that what nobody wants any more is unsubscribed from.
            guard self.term == term else { return }
            if case .failure(.sessionLost) = result { return link.die(.sessionLost) }
            completion(self, result)
        }
    }

    private func subscribed(_ uri: String, _ result: Result<ClosureObserver.Answer, LinkFailure>) {
        switch result {
        case .success(let answer) where answer.frame.kind == .error:
            wanted[uri] = nil
            forget(uri)
            feed?.settled(uri, .refused(Array(answer.message[answer.frame.error.range])))
        case .success:
            steps[uri] = .subscribed
            feed?.settled(uri, .following)
            if wanted[uri] == nil { advance(uri) }
        case .failure(let failure):
            forget(uri)
            if case .unreachable = failure { hub.noteUnreachable(failure) }
            feed?.settled(uri, .failed(failure))
            if wanted[uri] != nil { retryLater() }
        }
    }
}
